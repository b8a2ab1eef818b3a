-- What a relay of schema 1 held: the first program.

insert into log (log, log_id, head, chain) values
('104500000000011', '01990000-0000-7000-8000-0000000000a1', 21, '09c5b41623d779e1316b8375b9fe2ad8'),
('17841400000000044', '01990000-0000-7000-8000-0000000000a2', 6, '6544f9930b324bdc897082c8b3103a26'),
('workspace', '01990000-0000-7000-8000-0000000000a0', 5, '3071f2d2f84c953198e7b384c5fcb720');

insert into entry (log, seq, at_ms, kind, key, about, mid, body, chain) values
('workspace', 1, 1791187200000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071000:0', '', null, '{"fact":"agent_named","agent":"01990000-0000-7000-8000-000000000001","name":"Ines"}', '116542b2da4fc55c2cd270958bdd479f'),
('workspace', 2, 1791187200000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071001:0', '', null, '{"fact":"role_set","agent":"01990000-0000-7000-8000-000000000001","account":"104500000000011","role":"agent"}', '21d8091b38d9ff396ce70fff0d5b991a'),
('workspace', 3, 1791187200000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071002:0', '', null, '{"fact":"role_set","agent":"01990000-0000-7000-8000-000000000001","account":"17841400000000044","role":"agent"}', 'fc76ab77886f6f6b8b92d9721fc90f09'),
('workspace', 4, 1791187200000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071003:0', '', null, '{"fact":"desk_enrolled","desk":"01990000-0000-7000-8000-000000000011","agent":"01990000-0000-7000-8000-000000000001","name":"front desk"}', '5cbe324c33cc6d398c9fb3293e44adc1'),
('workspace', 5, 1791187200001, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071004:0', '', null, '{"fact":"agent_named","agent":"01990000-0000-7000-8000-000000000002","name":"Jonas"}', '3071f2d2f84c953198e7b384c5fcb720'),
('104500000000011', 1, 1791187200010, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072000:0', '', null, '{"fact":"account_connected","platform":"messenger","name":"Northwind Tea","page":"104500000000011","app":"700100200300400","routing":"on","fields":["messages","message_echoes","messaging_handovers","standby"],"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}', '828fc4269e8cb11aef5dd3ff76f43b30'),
('104500000000011', 2, 1791187200020, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072001:0', '', null, '{"fact":"routing_set","routing":"on","default_app":"700555666777888"}', '6088e4327dce390e560e137bea393a2d'),
('104500000000011', 3, 1791187200030, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072002:0', '', null, '{"fact":"app_named","app":"700555666777888","name":"Teabot","answers_count":false}', '527a077f35da6711e74e34641a10b04d'),
('104500000000011', 4, 1791187200040, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072003:0', '', null, '{"fact":"human_agent_set","right":"approved","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}', '1afe7a25a65c246d68bb86c1c6132044'),
('104500000000011', 5, 1791190800200, 'meta', 'mid:m_hello', 'message', 'm_hello', '{"object":"page","list":"standby","account":"104500000000011","entry_time_ms":1791190800000,"received_ms":1791190800200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791190800000,"message":{"mid":"m_hello","text":"Hello, where is my parcel?"}}}', '0555c8f9227f0b792b269b30fed4b31b'),
('104500000000011', 6, 1791190805200, 'meta', 'echo:m_bot', 'echo', 'm_bot', '{"object":"page","list":"standby","account":"104500000000011","entry_time_ms":1791190805000,"received_ms":1791190805200,"event":{"sender":{"id":"104500000000011"},"recipient":{"id":"6200000000000101"},"timestamp":1791190805000,"message":{"mid":"m_bot","is_echo":true,"app_id":700555666777888,"text":"A colleague will look into it."}}}', '88443226af6056865dc3a0858413a65d'),
('104500000000011', 7, 1791190806200, 'meta', 'pass:1', 'pass', null, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791190806000,"received_ms":1791190806200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791190806000,"pass_thread_control":{"previous_owner_app_id":"700555666777888","new_owner_app_id":"700100200300400","metadata":"asks for a parcel"}}}', 'e8c884c28ed1da0b53e9585d3d519442'),
('104500000000011', 8, 1791190860000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072007:0', '', null, '{"fact":"assigned","customer":"6200000000000101","assignee":"01990000-0000-7000-8000-000000000001","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"},"reply":null}', 'e53e66b6d08c93c2bec4d35d0f2b2b0a'),
('104500000000011', 9, 1791190920000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072008:0', '', null, '{"fact":"send_started","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000041","part":"01990000-0000-7000-8000-000000010001","index":0,"of":1,"agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011","text":"It left us yesterday.","tag":null,"unchecked":false}', 'b1ba4ed9eba8a6181f5698910090bc6e'),
('104500000000011', 10, 1791190920700, 'meta', 'echo:m_left', 'echo', 'm_left', '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791190920500,"received_ms":1791190920700,"event":{"sender":{"id":"104500000000011"},"recipient":{"id":"6200000000000101"},"timestamp":1791190920500,"message":{"mid":"m_left","is_echo":true,"app_id":700100200300400,"metadata":"b1:out:01990000-0000-7000-8000-000000010001","text":"It left us yesterday."}}}', 'f03bd26bc3efb97b4b04318c7103e8e7'),
('104500000000011', 11, 1791190920900, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007200a:0', '', null, '{"fact":"send_settled","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000041","part":"01990000-0000-7000-8000-000000010001","desk":"01990000-0000-7000-8000-000000000011","settlement":{"outcome":"sent","mid":"m_left","at_ms":1791190920500}}', '5ddc70a36343949d2d9357892f57e219'),
('104500000000011', 12, 1791190980200, 'meta', 'read:1', 'read', null, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791190980000,"received_ms":1791190980200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791190980000,"read":{"watermark":1791190920800}}}', 'ce63cda3ce42079ade250074d81ed568'),
('104500000000011', 13, 1791191040200, 'meta', 'mid:m_two', 'message', 'm_two', '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191040000,"received_ms":1791191040200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791191040000,"message":{"mid":"m_two","text":"Thank you! And is there a number to follow it?"}}}', '153437f29270fe5219328c19287f70f1'),
('104500000000011', 14, 1791191040500, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007200d:0', '', null, '{"fact":"send_started","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000042","part":"01990000-0000-7000-8000-000000010002","index":0,"of":2,"agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011","text":"Here it is:","tag":null,"unchecked":false}', '8d8327988c03112519e7898edfd0b6dc'),
('104500000000011', 15, 1791191040900, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007200e:0', '', null, '{"fact":"send_settled","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000042","part":"01990000-0000-7000-8000-000000010002","desk":"01990000-0000-7000-8000-000000000011","settlement":{"outcome":"unknown","why":"the connection was cut"}}', '0cd9b3ef0cf8c6bc0580f38d5542ec88'),
('104500000000011', 16, 1791191100200, 'meta', 'mid:m_cup', 'message', 'm_cup', '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191100000,"received_ms":1791191100200,"event":{"sender":{"id":"6200000000000102"},"recipient":{"id":"104500000000011"},"timestamp":1791191100000,"message":{"mid":"m_cup","attachments":[{"type":"image","payload":{"url":"https://scontent.example/cup.jpg"}}]}}}', 'fffc5318d8bc04f110583731c3e78388'),
('104500000000011', 17, 1791191101200, 'meta', 'mid:m_cup2', 'message', 'm_cup2', '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191101000,"received_ms":1791191101200,"event":{"sender":{"id":"6200000000000102"},"recipient":{"id":"104500000000011"},"timestamp":1791191101000,"message":{"mid":"m_cup2","text":"The cup arrived broken"}}}', 'ee991ec3ad6b68b4c7e5ba3c9775a849'),
('104500000000011', 18, 1791191109200, 'meta', 'edit:1', 'edit', 'm_cup2', '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191109000,"received_ms":1791191109200,"event":{"sender":{"id":"6200000000000102"},"recipient":{"id":"104500000000011"},"timestamp":1791191109000,"message_edit":{"mid":"m_cup2","text":"The cup arrived broken.","num_edit":1}}}', '8342766c98a4efb123eb991dcfeabed8'),
('104500000000011', 19, 1791191160000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072012:0', '', null, '{"fact":"customer_named","customer":"6200000000000102","name":"Jonas Weber","by_hand":false}', '9567c6d99a16140389b4b5cdee59faa8'),
('104500000000011', 20, 1791191220000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072013:0', '', null, '{"fact":"status_set","customer":"6200000000000102","status":{"status":"snoozed","until_ms":1791277200000},"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}', 'e14353cda1529df8b1fccc44ae0d5ed4'),
('104500000000011', 21, 1791191220001, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072014:0', '', null, '{"fact":"priority_set","customer":"6200000000000101","urgent":true,"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}', '09c5b41623d779e1316b8375b9fe2ad8'),
('17841400000000044', 1, 1791187200050, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000073000:0', '', null, '{"fact":"account_connected","platform":"instagram","name":"@kiteandco","page":"104500000000022","app":"700100200300400","routing":"off","fields":["messages","standby"],"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}', 'b0bae5a9c18a35a729d65b3cb2c92312'),
('17841400000000044', 2, 1791191580200, 'meta', 'mid:aWdf_one', 'message', 'aWdf_one', '{"object":"instagram","list":"messaging","account":"17841400000000044","entry_time_ms":1791191580000,"received_ms":1791191580200,"event":{"sender":{"id":"7300000000000303"},"recipient":{"id":"17841400000000044"},"timestamp":1791191580000,"message":{"mid":"aWdf_one","text":"Do you ship to Lagos?"}}}', '8eea714bbc6b4728c3fd15edd9a74596'),
('17841400000000044', 3, 1791191580500, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000073002:0', '', null, '{"fact":"customer_named","customer":"7300000000000303","name":"Nia Okafor","by_hand":false}', 'c27ab48fe9919e5be82ca8c0156b7ee9'),
('17841400000000044', 4, 1791191640200, 'meta', 'echo:aWdf_two', 'echo', 'aWdf_two', '{"object":"instagram","list":"messaging","account":"17841400000000044","entry_time_ms":1791191640000,"received_ms":1791191640200,"event":{"sender":{"id":"17841400000000044"},"recipient":{"id":"7300000000000303"},"timestamp":1791191640000,"message":{"mid":"aWdf_two","is_echo":true,"text":"We do, within a week."}}}', '301eb49d6f611aeb9c34cd9677cadbdc'),
('17841400000000044', 5, 1791191700200, 'meta', 'read:aWdf_two', 'read', 'aWdf_two', '{"object":"instagram","list":"messaging","account":"17841400000000044","entry_time_ms":1791191700000,"received_ms":1791191700200,"event":{"sender":{"id":"7300000000000303"},"recipient":{"id":"17841400000000044"},"timestamp":1791191700000,"read":{"mid":"aWdf_two"}}}', 'cc5ecfaaa4fd825728b1f7eb39872de7'),
('17841400000000044', 6, 1791191760000, 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000073005:0', '', null, '{"fact":"status_set","customer":"7300000000000303","status":{"status":"done"},"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}', '6544f9930b324bdc897082c8b3103a26');

insert into account (account, platform, name, page, app, routing, default_app, human_agent, waiting, token_alive, fields, connected_at_ms, last_webhook_ms) values
('104500000000011', 'messenger', 'Northwind Tea', '104500000000011', '700100200300400', 'on', '700555666777888', 'approved', 'relay', null, '["messages","message_echoes","messaging_handovers","standby"]', 1791187200010, 1791191109200),
('17841400000000044', 'instagram', '@kiteandco', '104500000000022', '700100200300400', 'off', null, 'not_approved', 'relay', null, '["messages","standby"]', 1791187200050, 1791191700200);

insert into account_fact (account, slot, seq) values
('104500000000011', 'account_connected', 1),
('104500000000011', 'app_named:700555666777888', 3),
('104500000000011', 'human_agent_set', 4),
('104500000000011', 'routing_set', 2),
('17841400000000044', 'account_connected', 1);

insert into agent (agent, name) values
('01990000-0000-7000-8000-000000000001', 'Ines'),
('01990000-0000-7000-8000-000000000002', 'Jonas');

insert into role (agent, account, role) values
('01990000-0000-7000-8000-000000000001', '104500000000011', 'agent'),
('01990000-0000-7000-8000-000000000001', '17841400000000044', 'agent'),
('01990000-0000-7000-8000-000000000002', '104500000000011', 'supervisor');

insert into desk (desk, agent, name, public_key, token_hash, enrolled_at_ms, revoked_at_ms) values
('01990000-0000-7000-8000-000000000011', '01990000-0000-7000-8000-000000000001', 'front desk', 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=', 'ab6a0c6e740dbb97de1a8789a30a588f4ae0f5912173928dd24e0efced1907fb', 1791187200000, null),
('01990000-0000-7000-8000-000000000012', '01990000-0000-7000-8000-000000000002', 'old laptop', '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=', 'b0e19ce5875c3260ed08cce4d0e52b8cb98921439f5a01b28d73d9f47b7817b5', 1791187200001, 1791273600000);

insert into invite (invite_hash, agent, agent_name, expires_at_ms, used_at_ms) values
('3b49e9a9407edd0b823d99520dcc7620bb5b009edd1bef344b5751fa27cbcaf7', null, 'Samira', 1791792000000, null);

insert into invite_account (invite_hash, account, role) values
('3b49e9a9407edd0b823d99520dcc7620bb5b009edd1bef344b5751fa27cbcaf7', '104500000000011', 'agent');

insert into read_mark (agent, account, customer, read_seq) values
('01990000-0000-7000-8000-000000000001', '104500000000011', '6200000000000101', 5),
('01990000-0000-7000-8000-000000000001', '17841400000000044', '7300000000000303', 2);

insert into thread (account, customer, version, assignee, status, word_seq, word_desk, other_word_seq) values
('104500000000011', '6200000000000101', 8, '01990000-0000-7000-8000-000000000001', '{"status":"open"}', 13, null, 13),
('104500000000011', '6200000000000102', 20, null, '{"status":"snoozed","until_ms":1791277200000}', 17, null, 17),
('17841400000000044', '7300000000000303', 6, null, '{"status":"done"}', 2, null, 2);

insert into reply (reply, account, customer, desk, version) values
('01990000-0000-7000-8000-000000000041', '104500000000011', '6200000000000101', '01990000-0000-7000-8000-000000000011', 8),
('01990000-0000-7000-8000-000000000042', '104500000000011', '6200000000000101', '01990000-0000-7000-8000-000000000011', 8);

insert into part (part, account, customer, reply, place, agent, desk, granted_seq, granted_run, granted_boot_ms, settlement, mid, is_open) values
('01990000-0000-7000-8000-000000010001', '104500000000011', '6200000000000101', '01990000-0000-7000-8000-000000000041', 0, '01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000011', 9, '01990000-0000-7000-8000-0000000000e1', 5000, '{"outcome":"sent","mid":"m_left","at_ms":1791190920500}', 'm_left', 0),
('01990000-0000-7000-8000-000000010002', '104500000000011', '6200000000000101', '01990000-0000-7000-8000-000000000042', 0, '01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000011', 14, '01990000-0000-7000-8000-0000000000e1', 5000, '{"outcome":"unknown","why":"the connection was cut"}', null, 1);

insert into command_result (desk, command_id, asked, is_conflict, body, at_ms) values
('01990000-0000-7000-8000-000000000011', '01990000-0000-7000-8000-000000072007', '1647327b3ec3df0ae2264b0486afb2d657237fab597d1ad40699bbf801cbd4ad', 0, '{"seqs":[8],"version":8,"part":null}', 4102444800000);

insert into quarantine (arrival, at_ms, why, account, key, about, mid, body) values
(1, 1791191000200, 'unknown_account', '104500000000099', 'mid:m_aside', 'message', 'm_aside', cast('{"object":"page","list":"messaging","account":"104500000000099","entry_time_ms":1791191000000,"received_ms":1791191000200,"event":{"sender":{"id":"6200000000000901"},"recipient":{"id":"104500000000099"},"timestamp":1791191000000,"message":{"mid":"m_aside","text":"Is anybody there?"}}}' as blob));

insert into unsent (account, mid, at_ms) values
('104500000000011', 'm_gone_before_it_came', 1791191050000);
