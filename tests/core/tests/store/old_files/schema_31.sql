-- What a desk of schema 31 held that came from 28 and was closed before its threads were computed anew: its vault, a pass over
-- the history that was under way, and what 28 held. Made with sqlite3: the rows of schema_28.sql, brought forward by the
-- migrations up to 31, with those of the vault and of the pass.

-- What the desk is, and every entry as it came.
INSERT INTO enrolment (only, relay, desk, agent, agent_name, workspace, our_app) VALUES
(1, 'https://relay.example', '01990000-0000-7000-8000-000000000011', '01990000-0000-7000-8000-000000000001', 'Ines', 'Northwind', '700100200300400');

INSERT INTO access (account, platform, name, role, connected) VALUES
('104500000000011', 'messenger', 'Northwind Tea', 'agent', 1),
('17841400000000044', 'instagram', '@kiteandco', 'agent', 1);

INSERT INTO setting (name, value) VALUES
('page.theme', '"dark"'),
('store.applied_by', '3');

INSERT INTO log_identity (log, log_id, chain) VALUES
('104500000000011', '01990000-0000-7000-8000-0000000000a1', '61a3b97a2789c33c8d579a2730cb1588'),
('17841400000000044', '01990000-0000-7000-8000-0000000000a2', '6544f9930b324bdc897082c8b3103a26'),
('workspace', '01990000-0000-7000-8000-0000000000a0', 'a4bd38395a5204904863a7efe50babad');

INSERT INTO cursor_range (log, first, last) VALUES
('104500000000011', 1, 29),
('17841400000000044', 1, 6),
('workspace', 1, 7);

INSERT INTO raw_entry (log, kind, key, seq, at_ms, chain, mid, customer, applied, body) VALUES
('workspace', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071000:0', 1, 1791187200000, '116542b2da4fc55c2cd270958bdd479f', NULL, NULL, 3, '{"fact":"agent_named","agent":"01990000-0000-7000-8000-000000000001","name":"Ines"}'),
('workspace', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071001:0', 2, 1791187200000, '21d8091b38d9ff396ce70fff0d5b991a', NULL, NULL, 3, '{"fact":"role_set","agent":"01990000-0000-7000-8000-000000000001","account":"104500000000011","role":"agent"}'),
('workspace', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071002:0', 3, 1791187200000, 'fc76ab77886f6f6b8b92d9721fc90f09', NULL, NULL, 3, '{"fact":"role_set","agent":"01990000-0000-7000-8000-000000000001","account":"17841400000000044","role":"agent"}'),
('workspace', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071003:0', 4, 1791187200000, '5cbe324c33cc6d398c9fb3293e44adc1', NULL, NULL, 3, '{"fact":"desk_enrolled","desk":"01990000-0000-7000-8000-000000000011","agent":"01990000-0000-7000-8000-000000000001","name":"front desk"}'),
('workspace', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071004:0', 5, 1791187200001, '3071f2d2f84c953198e7b384c5fcb720', NULL, NULL, 3, '{"fact":"agent_named","agent":"01990000-0000-7000-8000-000000000002","name":"Jonas"}'),
('workspace', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071005:0', 6, 1791187200002, 'c812249a3f2f7352ff006326e0921fdd', NULL, NULL, 3, '{"fact":"canned_reply_set","name":"hours","text":"We are open Monday to Saturday, 9:00 to 18:00."}'),
('workspace', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000071006:0', 7, 1791187200003, 'a4bd38395a5204904863a7efe50babad', NULL, NULL, 3, '{"fact":"label_defined","label":"01990000-0000-7000-8000-000000000031","name":"Refund","colour":"#b53073"}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072000:0', 1, 1791187200010, '828fc4269e8cb11aef5dd3ff76f43b30', NULL, NULL, 3, '{"fact":"account_connected","platform":"messenger","name":"Northwind Tea","page":"104500000000011","app":"700100200300400","routing":"on","fields":["messages","message_echoes","messaging_handovers","standby"],"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072001:0', 2, 1791187200020, '6088e4327dce390e560e137bea393a2d', NULL, NULL, 3, '{"fact":"routing_set","routing":"on","default_app":"700555666777888"}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072002:0', 3, 1791187200030, '527a077f35da6711e74e34641a10b04d', NULL, NULL, 3, '{"fact":"app_named","app":"700555666777888","name":"Teabot","answers_count":false}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072003:0', 4, 1791187200040, '1afe7a25a65c246d68bb86c1c6132044', NULL, NULL, 3, '{"fact":"human_agent_set","right":"approved","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 'meta', 'mid:m_hello', 5, 1791190800200, '0555c8f9227f0b792b269b30fed4b31b', 'm_hello', '6200000000000101', 3, '{"object":"page","list":"standby","account":"104500000000011","entry_time_ms":1791190800000,"received_ms":1791190800200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791190800000,"message":{"mid":"m_hello","text":"Hello, where is my parcel?"}}}'),
('104500000000011', 'meta', 'echo:m_bot', 6, 1791190805200, '88443226af6056865dc3a0858413a65d', 'm_bot', '6200000000000101', 3, '{"object":"page","list":"standby","account":"104500000000011","entry_time_ms":1791190805000,"received_ms":1791190805200,"event":{"sender":{"id":"104500000000011"},"recipient":{"id":"6200000000000101"},"timestamp":1791190805000,"message":{"mid":"m_bot","is_echo":true,"app_id":700555666777888,"text":"A colleague will look into it."}}}'),
('104500000000011', 'meta', 'pass:1', 7, 1791190806200, 'e8c884c28ed1da0b53e9585d3d519442', NULL, '6200000000000101', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791190806000,"received_ms":1791190806200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791190806000,"pass_thread_control":{"previous_owner_app_id":"700555666777888","new_owner_app_id":"700100200300400","metadata":"asks for a parcel"}}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072007:0', 8, 1791190860000, 'e53e66b6d08c93c2bec4d35d0f2b2b0a', NULL, '6200000000000101', 3, '{"fact":"assigned","customer":"6200000000000101","assignee":"01990000-0000-7000-8000-000000000001","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"},"reply":null}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072008:0', 9, 1791190920000, 'b1ba4ed9eba8a6181f5698910090bc6e', NULL, '6200000000000101', 3, '{"fact":"send_started","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000041","part":"01990000-0000-7000-8000-000000010001","index":0,"of":1,"agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011","text":"It left us yesterday.","tag":null,"unchecked":false}'),
('104500000000011', 'meta', 'echo:m_left', 10, 1791190920700, 'f03bd26bc3efb97b4b04318c7103e8e7', 'm_left', '6200000000000101', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791190920500,"received_ms":1791190920700,"event":{"sender":{"id":"104500000000011"},"recipient":{"id":"6200000000000101"},"timestamp":1791190920500,"message":{"mid":"m_left","is_echo":true,"app_id":700100200300400,"metadata":"b1:out:01990000-0000-7000-8000-000000010001","text":"It left us yesterday."}}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007200a:0', 11, 1791190920900, '5ddc70a36343949d2d9357892f57e219', NULL, '6200000000000101', 3, '{"fact":"send_settled","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000041","part":"01990000-0000-7000-8000-000000010001","desk":"01990000-0000-7000-8000-000000000011","settlement":{"outcome":"sent","mid":"m_left","at_ms":1791190920500}}'),
('104500000000011', 'meta', 'read:1', 12, 1791190980200, 'ce63cda3ce42079ade250074d81ed568', NULL, '6200000000000101', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791190980000,"received_ms":1791190980200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791190980000,"read":{"watermark":1791190920800}}}'),
('104500000000011', 'meta', 'mid:m_two', 13, 1791191040200, '153437f29270fe5219328c19287f70f1', 'm_two', '6200000000000101', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191040000,"received_ms":1791191040200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791191040000,"message":{"mid":"m_two","text":"Thank you! And is there a number to follow it?"}}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007200d:0', 14, 1791191040500, '8d8327988c03112519e7898edfd0b6dc', NULL, '6200000000000101', 3, '{"fact":"send_started","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000042","part":"01990000-0000-7000-8000-000000010002","index":0,"of":2,"agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011","text":"Here it is:","tag":null,"unchecked":false}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007200e:0', 15, 1791191040900, '0cd9b3ef0cf8c6bc0580f38d5542ec88', NULL, '6200000000000101', 3, '{"fact":"send_settled","customer":"6200000000000101","reply":"01990000-0000-7000-8000-000000000042","part":"01990000-0000-7000-8000-000000010002","desk":"01990000-0000-7000-8000-000000000011","settlement":{"outcome":"unknown","why":"the connection was cut"}}'),
('104500000000011', 'meta', 'mid:m_cup', 16, 1791191100200, 'fffc5318d8bc04f110583731c3e78388', 'm_cup', '6200000000000102', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191100000,"received_ms":1791191100200,"event":{"sender":{"id":"6200000000000102"},"recipient":{"id":"104500000000011"},"timestamp":1791191100000,"message":{"mid":"m_cup","attachments":[{"type":"image","payload":{"url":"https://scontent.example/cup.jpg"}}]}}}'),
('104500000000011', 'meta', 'mid:m_cup2', 17, 1791191101200, 'ee991ec3ad6b68b4c7e5ba3c9775a849', 'm_cup2', '6200000000000102', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191101000,"received_ms":1791191101200,"event":{"sender":{"id":"6200000000000102"},"recipient":{"id":"104500000000011"},"timestamp":1791191101000,"message":{"mid":"m_cup2","text":"The cup arrived broken"}}}'),
('104500000000011', 'meta', 'edit:1', 18, 1791191109200, '8342766c98a4efb123eb991dcfeabed8', 'm_cup2', '6200000000000102', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191109000,"received_ms":1791191109200,"event":{"sender":{"id":"6200000000000102"},"recipient":{"id":"104500000000011"},"timestamp":1791191109000,"message_edit":{"mid":"m_cup2","text":"The cup arrived broken.","num_edit":1}}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072012:0', 19, 1791191160000, '9567c6d99a16140389b4b5cdee59faa8', NULL, '6200000000000102', 3, '{"fact":"customer_named","customer":"6200000000000102","name":"Jonas Weber","by_hand":false}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072013:0', 20, 1791191220000, 'e14353cda1529df8b1fccc44ae0d5ed4', NULL, '6200000000000102', 3, '{"fact":"status_set","customer":"6200000000000102","status":{"status":"snoozed","until_ms":1791277200000},"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072014:0', 21, 1791191220001, '09c5b41623d779e1316b8375b9fe2ad8', NULL, '6200000000000101', 3, '{"fact":"priority_set","customer":"6200000000000101","urgent":true,"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 'audit', '6200000000000104:3660315a9af3df255d8f19ab077e4797', 22, 1791191280000, '86287c618a6e7248fb66142178993aa9', NULL, '6200000000000104', 3, '{"customer":"6200000000000104","conversation":"t_9000000000000304","desk":"01990000-0000-7000-8000-000000000011","read_at_ms":1791191280000,"customer_name":"Samir Haddad","messages":[{"id":"m_old2","created_time":1791046800000,"from":{"id":"104500000000011","name":"Northwind Tea","username":null},"to":[{"id":"6200000000000104","name":"Samir Haddad","username":null}],"message":"Gladly, until Friday.","attachments":[],"shares":[],"sticker":null,"reactions":[],"story":null,"reply_to":null,"is_unsupported":false},{"id":"m_old1","created_time":1791043200000,"from":{"id":"6200000000000104","name":"Samir Haddad","username":null},"to":[{"id":"104500000000011","name":"Northwind Tea","username":null}],"message":"Can you put one aside for me?","attachments":[],"shares":[],"sticker":null,"reactions":[],"story":null,"reply_to":null,"is_unsupported":false}],"is_oldest":true,"older_withheld":false}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072016:0', 23, 1791191280100, '37e55669e313ed7c4e7add0bafa54969', NULL, NULL, 3, '{"fact":"history_read","through_ms":1791191280000,"desk":"01990000-0000-7000-8000-000000000011"}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072017:0', 24, 1791191400000, 'fc9ccd45922aa8a6ed88310dc4f867e9', NULL, '6200000000000101', 3, '{"fact":"note_added","customer":"6200000000000101","note":"01990000-0000-7000-8000-000000000061","text":"The parcel is at the customs.","mentions":["01990000-0000-7000-8000-000000000001"],"supervisors_only":false,"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000002","desk":"01990000-0000-7000-8000-000000000012"}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072018:0', 25, 1791191400001, '820c48f65129d2940a54313c1881474f', NULL, '6200000000000102', 3, '{"fact":"label_added","customer":"6200000000000102","label":"01990000-0000-7000-8000-000000000031","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000072019:0', 26, 1791191460000, 'bff787131e772123335c1556917a16a7', NULL, NULL, 3, '{"fact":"queue_set","rules":{"reaction_reopens":true,"assign":"manual","limit":20,"reopen_to_last":true,"only_assignee_sends":false},"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007201a:0', 27, 1791191460001, '3ed1161c062353cf7b0a9b272ad19f04', NULL, '6200000000000101', 3, '{"fact":"draft_handed","customer":"6200000000000101","from":"01990000-0000-7000-8000-000000000002","text":"Dear Mara, the number is","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 'meta', 'react:1', 28, 1791191520200, '6b82de2ffc312f11141e1f31aba051b4', 'm_left', '6200000000000101', 3, '{"object":"page","list":"messaging","account":"104500000000011","entry_time_ms":1791191520000,"received_ms":1791191520200,"event":{"sender":{"id":"6200000000000101"},"recipient":{"id":"104500000000011"},"timestamp":1791191520000,"reaction":{"mid":"m_left","action":"react","emoji":"👍"}}}'),
('104500000000011', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-00000007201c:0', 29, 1791191520001, '61a3b97a2789c33c8d579a2730cb1588', NULL, '6200000000000101', 3, '{"fact":"reply_pending","customer":"6200000000000101","desk":"01990000-0000-7000-8000-000000000011","agent":"01990000-0000-7000-8000-000000000001","parts":2}'),
('17841400000000044', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000073000:0', 1, 1791187200050, 'b0bae5a9c18a35a729d65b3cb2c92312', NULL, NULL, 3, '{"fact":"account_connected","platform":"instagram","name":"@kiteandco","page":"104500000000022","app":"700100200300400","routing":"off","fields":["messages","standby"],"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('17841400000000044', 'meta', 'mid:aWdf_one', 2, 1791191580200, '8eea714bbc6b4728c3fd15edd9a74596', 'aWdf_one', '7300000000000303', 3, '{"object":"instagram","list":"messaging","account":"17841400000000044","entry_time_ms":1791191580000,"received_ms":1791191580200,"event":{"sender":{"id":"7300000000000303"},"recipient":{"id":"17841400000000044"},"timestamp":1791191580000,"message":{"mid":"aWdf_one","text":"Do you ship to Lagos?"}}}'),
('17841400000000044', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000073002:0', 3, 1791191580500, 'c27ab48fe9919e5be82ca8c0156b7ee9', NULL, '7300000000000303', 3, '{"fact":"customer_named","customer":"7300000000000303","name":"Nia Okafor","by_hand":false}'),
('17841400000000044', 'meta', 'echo:aWdf_two', 4, 1791191640200, '301eb49d6f611aeb9c34cd9677cadbdc', 'aWdf_two', '7300000000000303', 3, '{"object":"instagram","list":"messaging","account":"17841400000000044","entry_time_ms":1791191640000,"received_ms":1791191640200,"event":{"sender":{"id":"17841400000000044"},"recipient":{"id":"7300000000000303"},"timestamp":1791191640000,"message":{"mid":"aWdf_two","is_echo":true,"text":"We do, within a week."}}}'),
('17841400000000044', 'meta', 'read:aWdf_two', 5, 1791191700200, 'cc5ecfaaa4fd825728b1f7eb39872de7', 'aWdf_two', '7300000000000303', 3, '{"object":"instagram","list":"messaging","account":"17841400000000044","entry_time_ms":1791191700000,"received_ms":1791191700200,"event":{"sender":{"id":"7300000000000303"},"recipient":{"id":"17841400000000044"},"timestamp":1791191700000,"read":{"mid":"aWdf_two"}}}'),
('17841400000000044', 'team', '01990000-0000-7000-8000-000000000011:01990000-0000-7000-8000-000000073005:0', 6, 1791191760000, '6544f9930b324bdc897082c8b3103a26', NULL, '7300000000000303', 3, '{"fact":"status_set","customer":"7300000000000303","status":{"status":"done"},"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}');

INSERT INTO read_mark (account, customer, read_seq) VALUES
('104500000000011', '6200000000000101', 5),
('17841400000000044', '7300000000000303', 2);

-- What that program had made of the entries.
INSERT INTO account (account, platform, name, page, our_app, fields, connected_ms, connected_seq, removed_seq, routing, default_app, routing_seq, default_app_seq, human_agent, human_agent_seq, waiting_rule, waiting_seq, token_alive, token_seq, last_event_ms, policy, policy_reason, policy_ms, policy_key, subscribed, fields_seq, names_given, names_seq, history_paused, history_paused_seq, history_through_ms, app_subscribed, app_fields, app_subscribed_seq, hand_back, hand_back_seq) VALUES
('104500000000011', 'messenger', 'Northwind Tea', '104500000000011', '700100200300400', '["messages","message_echoes","messaging_handovers","standby"]', 1791187200010, 1, 0, 'on', '700555666777888', 2, 2, 'approved', 4, 'relay', 0, NULL, 0, 1791191520200, NULL, NULL, 0, '', 1, 1, NULL, 0, 0, 0, 1791191280000, NULL, NULL, 0, 0, 0),
('17841400000000044', 'instagram', '@kiteandco', '104500000000022', '700100200300400', '["messages","standby"]', 1791187200050, 1, 0, 'off', NULL, 1, 0, 'not_approved', 0, 'relay', 0, NULL, 0, 1791191700200, NULL, NULL, 0, '', 1, 1, NULL, 0, 0, 0, NULL, NULL, NULL, 0, 0, 0);

INSERT INTO app (account, app, name, answers_count, seq) VALUES
('104500000000011', '700100200300400', '', 0, 0),
('104500000000011', '700555666777888', 'Teabot', 0, 3);

INSERT INTO agent (agent, name, seq) VALUES
('01990000-0000-7000-8000-000000000001', 'Ines', 1),
('01990000-0000-7000-8000-000000000002', 'Jonas', 5);

INSERT INTO agent_role (agent, account, role, seq) VALUES
('01990000-0000-7000-8000-000000000001', '104500000000011', 'agent', 2),
('01990000-0000-7000-8000-000000000001', '17841400000000044', 'agent', 3);

INSERT INTO desk (desk, agent, name, enrolled_seq, revoked_seq) VALUES
('01990000-0000-7000-8000-000000000011', '01990000-0000-7000-8000-000000000001', 'front desk', 4, 0);

INSERT INTO canned_reply (name, text, seq) VALUES
('hours', 'We are open Monday to Saturday, 9:00 to 18:00.', 6);

INSERT INTO label (label, name, colour, seq, removed) VALUES
('01990000-0000-7000-8000-000000000031', 'Refund', '#b53073', 7, 0);

INSERT INTO customer (account, customer, hand_name, hand_seq, meta_name, meta_seq, audit_name, audit_ms, blocked, blocked_seq, erased_seq, spam) VALUES
('104500000000011', '6200000000000101', NULL, 0, NULL, 0, NULL, 0, 0, 0, 0, 0),
('104500000000011', '6200000000000102', NULL, 0, 'Jonas Weber', 19, NULL, 0, 0, 0, 0, 0),
('104500000000011', '6200000000000104', NULL, 0, NULL, 0, 'Samir Haddad', 1791191280000, 0, 0, 0, 0),
('17841400000000044', '7300000000000303', NULL, 0, 'Nia Okafor', 3, NULL, 0, 0, 0, 0, 0);

INSERT INTO connection (account, seq, at_ms) VALUES
('104500000000011', 1, 1791187200010),
('17841400000000044', 1, 1791187200050);

INSERT INTO thread (thread_id, account, customer, assignee, assignee_seq, status, status_seq, urgent, urgent_seq, last_at_ms, preview_by, preview_agent, preview_app, preview, preview_kind, last_opening_ms, first_unanswered_ms, last_person_ms, acted_ms, inbound_seq, word_seq, delivered_ms, seen_ms, owner, active, waiting_since_ms, needs_reply, unread, sort_ms, asleep_until_ms, woke, shut, reopened, ends_ms, ended_ms, ending) VALUES
(1, '104500000000011', '6200000000000101', '01990000-0000-7000-8000-000000000001', 8, '{"status":"open"}', 0, 1, 21, 1791191520000, 'system', NULL, NULL, '👍', 'reaction', 1791191520000, 1791191040000, 1791190920500, 1791191520000, 13, 13, 1791190920800, 1791190920800, '{"owner":{"owner":"ours"},"since_ms":1791190806000,"until_ms":1791277440000,"by":"passed","note":"asks for a parcel","came_ms":1791190806000,"away":false}', 1, 1791191040000, 1, 1, -3998208808960000, NULL, 0, 0, 0, 1791277440000, NULL, 0),
(2, '104500000000011', '6200000000000102', NULL, 0, '{"status":"snoozed","until_ms":1791277200000}', 20, 0, 0, 1791191101000, 'customer', NULL, NULL, 'The cup arrived broken.', 'message', 1791191101000, 1791191100000, NULL, NULL, 17, 17, 0, 0, '{"owner":{"owner":"ours"},"since_ms":1791191100000,"until_ms":1791277501000,"by":"customer_wrote","note":null,"came_ms":null,"away":false}', 3, 1791191100000, 0, 2, 8998208808899000, 1791277200000, 0, 0, 0, NULL, NULL, 0),
(3, '104500000000011', '6200000000000104', NULL, 0, '{"status":"open"}', 0, 0, 0, 1791046800000, 'account', NULL, NULL, 'Gladly, until Friday.', 'message', 1791043200000, NULL, 1791046800000, NULL, 22, 22, 0, 0, '{"owner":{"owner":"unknown"},"since_ms":null,"until_ms":null,"by":"nothing_known","note":null,"came_ms":null,"away":false}', 1, NULL, 0, 0, 8998208953200000, NULL, 0, 0, 0, NULL, NULL, 0),
(4, '17841400000000044', '7300000000000303', NULL, 0, '{"status":"done"}', 6, 0, 0, 1791191640000, 'account', NULL, NULL, 'We do, within a week.', 'message', 1791191580000, 1791191580000, NULL, NULL, 2, 2, 0, 0, '{"owner":{"owner":"unmanaged"},"since_ms":null,"until_ms":null,"by":"routing_off","note":null,"came_ms":null,"away":false,"unrouted":true}', 0, NULL, 0, 0, 8998208808360000, NULL, 0, 0, 0, NULL, NULL, 0);

INSERT INTO audited (thread_id, read_ms, is_whole, is_withheld) VALUES
(3, 1791191280000, 1, 0);

INSERT INTO message (message_id, thread_id, key, mid, at_ms, tie, kind, inbound, text, app, part, heard, rank, told_ms, told_key, seq, opens, word, person, receipt, unsent, found_late, reply_to, extra) VALUES
(1, 3, 'm_old2', 'm_old2', 1791046800000, 0, 'message', 0, 'Gladly, until Friday.', NULL, NULL, NULL, 1, 1791191280000, '6200000000000104:3660315a9af3df255d8f19ab077e4797', 22, 0, 0, 1, 0, 0, 0, NULL, NULL),
(2, 3, 'm_old1', 'm_old1', 1791043200000, 0, 'message', 1, 'Can you put one aside for me?', NULL, NULL, NULL, 1, 1791191280000, '6200000000000104:3660315a9af3df255d8f19ab077e4797', 22, 1, 1, 0, 0, 0, 1, NULL, NULL),
(3, 1, 'm_bot', 'm_bot', 1791190805000, 0, 'message', 0, 'A colleague will look into it.', '700555666777888', NULL, 'standby', 3, 0, 'echo:m_bot', 6, 0, 0, 0, 0, 0, 0, NULL, NULL),
(4, 1, 'm_left', 'm_left', 1791190920500, 0, 'message', 0, 'It left us yesterday.', '700100200300400', '01990000-0000-7000-8000-000000010001', 'messaging', 3, 0, 'echo:m_left', 10, 0, 1, 1, 0, 0, 0, NULL, NULL),
(5, 2, 'm_cup2', 'm_cup2', 1791191101000, 0, 'message', 1, 'The cup arrived broken', NULL, NULL, 'messaging', 3, 0, 'mid:m_cup2', 17, 1, 1, 0, 0, 0, 0, NULL, NULL),
(6, 2, 'm_cup', 'm_cup', 1791191100000, 0, 'message', 1, NULL, NULL, NULL, 'messaging', 3, 0, 'mid:m_cup', 16, 1, 1, 0, 0, 0, 0, NULL, NULL),
(7, 1, 'm_hello', 'm_hello', 1791190800000, 0, 'message', 1, 'Hello, where is my parcel?', NULL, NULL, 'standby', 3, 0, 'mid:m_hello', 5, 1, 1, 0, 0, 0, 0, NULL, NULL),
(8, 1, 'm_two', 'm_two', 1791191040000, 0, 'message', 1, 'Thank you! And is there a number to follow it?', NULL, NULL, 'messaging', 3, 0, 'mid:m_two', 13, 1, 1, 0, 0, 0, 0, NULL, NULL),
(9, 4, 'aWdf_two', 'aWdf_two', 1791191640000, 0, 'message', 0, 'We do, within a week.', NULL, NULL, 'messaging', 3, 0, 'echo:aWdf_two', 4, 0, 0, 0, 2, 0, 0, NULL, NULL),
(10, 4, 'aWdf_one', 'aWdf_one', 1791191580000, 0, 'message', 1, 'Do you ship to Lagos?', NULL, NULL, 'messaging', 3, 0, 'mid:aWdf_one', 2, 1, 1, 0, 0, 0, 0, NULL, NULL);

INSERT INTO attachment (message_id, idx, kind, url, title, payload) VALUES
(6, 0, 'image', 'https://scontent.example/cup.jpg', NULL, '{"url":"https://scontent.example/cup.jpg"}');

INSERT INTO reaction (thread_id, mid, actor, at_ms, key, emoji, on_seq, on_ms) VALUES
(1, 'm_left', '6200000000000101', 1791191520000, 'react:1', '👍', 28, 1791191520000);

INSERT INTO message_edit (thread_id, mid, num, at_ms, text) VALUES
(2, 'm_cup2', 1, 1791191109000, 'The cup arrived broken.');

INSERT INTO receipt (thread_id, mid, grade) VALUES
(4, 'aWdf_two', 2);

INSERT INTO owner_event (thread_id, at_ms, rank, tie, act, learned, after, shown) VALUES
(1, 1791190800000, 0, 'mid:m_hello', '{"act":"customer_wrote","heard":"standby"}', 0, '{"owner":{"owner":"other","app":"700555666777888"},"since_ms":1791190800000,"until_ms":1791277200000,"by":"customer_wrote","note":null,"came_ms":null,"away":true,"theirs_ms":1791190800000}', 1),
(1, 1791190805000, 1, 'echo:m_bot', '{"act":"app_answered","app":"700555666777888","heard":"standby"}', 0, '{"owner":{"owner":"other","app":"700555666777888"},"since_ms":1791190800000,"until_ms":1791277200000,"by":"customer_wrote","note":null,"came_ms":null,"away":true,"theirs_ms":1791190800000}', 0),
(1, 1791190806000, 3, 'pass:1', '{"act":"passed","from":"700555666777888","to":"700100200300400","note":"asks for a parcel"}', 0, '{"owner":{"owner":"ours"},"since_ms":1791190806000,"until_ms":1791277206000,"by":"passed","note":"asks for a parcel","came_ms":1791190806000,"away":false}', 1),
(1, 1791190920500, 1, 'echo:m_left', '{"act":"app_answered","app":"700100200300400","heard":"messaging"}', 0, '{"owner":{"owner":"ours"},"since_ms":1791190806000,"until_ms":1791277206000,"by":"passed","note":"asks for a parcel","came_ms":1791190806000,"away":false}', 0),
(1, 1791191040000, 0, 'mid:m_two', '{"act":"customer_wrote","heard":"messaging"}', 0, '{"owner":{"owner":"ours"},"since_ms":1791190806000,"until_ms":1791277440000,"by":"passed","note":"asks for a parcel","came_ms":1791190806000,"away":false}', 0),
(2, 1791191100000, 0, 'mid:m_cup', '{"act":"customer_wrote","heard":"messaging"}', 0, '{"owner":{"owner":"ours"},"since_ms":1791191100000,"until_ms":1791277500000,"by":"customer_wrote","note":null,"came_ms":null,"away":false}', 1),
(2, 1791191101000, 0, 'mid:m_cup2', '{"act":"customer_wrote","heard":"messaging"}', 0, '{"owner":{"owner":"ours"},"since_ms":1791191100000,"until_ms":1791277501000,"by":"customer_wrote","note":null,"came_ms":null,"away":false}', 0),
(4, 1791191580000, 0, 'mid:aWdf_one', '{"act":"customer_wrote","heard":"messaging"}', 0, '{"owner":{"owner":"unmanaged"},"since_ms":null,"until_ms":null,"by":"routing_off","note":null,"came_ms":null,"away":false,"unrouted":true}', 0),
(4, 1791191640000, 1, 'echo:aWdf_two', '{"act":"app_answered","app":null,"heard":"messaging"}', 0, '{"owner":{"owner":"unmanaged"},"since_ms":null,"until_ms":null,"by":"routing_off","note":null,"came_ms":null,"away":false,"unrouted":true}', 0);

INSERT INTO team_event (account, seq, thread_id, at_ms, fact, body) VALUES
('104500000000011', 8, 1, 1791190860000, 'assigned', '{"fact":"assigned","customer":"6200000000000101","assignee":"01990000-0000-7000-8000-000000000001","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"},"reply":null}'),
('104500000000011', 20, 2, 1791191220000, 'status_set', '{"fact":"status_set","customer":"6200000000000102","status":{"status":"snoozed","until_ms":1791277200000},"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 21, 1, 1791191220001, 'priority_set', '{"fact":"priority_set","customer":"6200000000000101","urgent":true,"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('104500000000011', 25, 2, 1791191400001, 'label_added', '{"fact":"label_added","customer":"6200000000000102","label":"01990000-0000-7000-8000-000000000031","by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}'),
('17841400000000044', 6, 4, 1791191760000, 'status_set', '{"fact":"status_set","customer":"7300000000000303","status":{"status":"done"},"by":{"kind":"agent","agent":"01990000-0000-7000-8000-000000000001","desk":"01990000-0000-7000-8000-000000000011"}}');

INSERT INTO team_part (part, account, thread_id, granted_seq, granted_ms, reply, idx, of, agent, desk, text, tag, unchecked, settled_seq, settled_rank, settlement, mid, file) VALUES
('01990000-0000-7000-8000-000000010001', '104500000000011', 1, 9, 1791190920000, '01990000-0000-7000-8000-000000000041', 0, 1, '01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000011', 'It left us yesterday.', NULL, 0, 11, 4, '{"outcome":"sent","mid":"m_left","at_ms":1791190920500}', 'm_left', NULL),
('01990000-0000-7000-8000-000000010002', '104500000000011', 1, 14, 1791191040500, '01990000-0000-7000-8000-000000000042', 0, 2, '01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000011', 'Here it is:', NULL, 0, 15, 1, '{"outcome":"unknown","why":"the connection was cut"}', NULL, NULL);

INSERT INTO note (note, account, thread_id, at_ms, by, text, mentions, supervisors_only, seq, removed_seq) VALUES
('01990000-0000-7000-8000-000000000061', '104500000000011', 1, 1791191400000, '01990000-0000-7000-8000-000000000002', 'The parcel is at the customs.', '["01990000-0000-7000-8000-000000000001"]', 0, 24, 0);

INSERT INTO queue_set (account, seq, rules) VALUES
('104500000000011', 26, '{"assign":"manual","limit":20,"reopen_to_last":true,"reaction_reopens":true,"only_assignee_sends":false}');

INSERT INTO reply_pending (thread_id, desk, agent, parts, at_ms, seq) VALUES
(1, '01990000-0000-7000-8000-000000000011', '01990000-0000-7000-8000-000000000001', 2, 1791191520001, 29);

INSERT INTO handed_draft (account, seq, thread_id, at_ms, from_agent, text, files) VALUES
('104500000000011', 27, 1, 1791191460001, '01990000-0000-7000-8000-000000000002', 'Dear Mara, the number is', '[]');

INSERT INTO mention (agent, thread_id, account, at_ms, seq, open, listed) VALUES
('01990000-0000-7000-8000-000000000001', 1, '104500000000011', 1791191400000, 24, 1, 1);

INSERT INTO thread_label (thread_id, label, is_on, seq, account, assignee, active, needs_reply, shut, ending, sort_ms, last_at_ms) VALUES
(2, '01990000-0000-7000-8000-000000000031', 1, 25, '104500000000011', NULL, 3, 0, 0, 0, 8998208808899000, 1791191101000);

-- The agent's own.
INSERT INTO reply (reply, thread_id, agent, created_ms, version_seen, word_seq_seen, claim, take_first, despite_unknown, leaves, after_sent) VALUES
('01990000-0000-7000-8000-000000000041', 1, '01990000-0000-7000-8000-000000000001', 1791190919900, 8, 6, 0, 0, 0, 'plain', NULL),
('01990000-0000-7000-8000-000000000042', 1, '01990000-0000-7000-8000-000000000001', 1791191040400, 8, 13, 0, 0, 0, 'plain', NULL);

INSERT INTO outbox_part (key, part, reply, thread_id, idx, of, text, state, detail, tag, grant_boot_ms, mid, attempts, created_ms, updated_ms, pressed_ms, untold, file) VALUES
('01990000-0000-7000-8000-000000010001', '01990000-0000-7000-8000-000000010001', '01990000-0000-7000-8000-000000000041', 1, 0, 1, 'It left us yesterday.', 'sent', NULL, NULL, NULL, 'm_left', 1, 1791190919900, 1791190920400, 1791190919900, 0, NULL),
('01990000-0000-7000-8000-000000010002', '01990000-0000-7000-8000-000000010002', '01990000-0000-7000-8000-000000000042', 1, 0, 2, 'Here it is:', 'unknown', '{"why":"the connection was cut"}', NULL, NULL, NULL, 1, 1791191040400, 1791191040900, 1791191040400, 0, NULL),
('01990000-0000-7000-8000-000000010003', '01990000-0000-7000-8000-000000010003', '01990000-0000-7000-8000-000000000042', 1, 1, 2, 'JD014600003828', 'queued', NULL, NULL, NULL, NULL, 0, 1791191040400, 1791191040900, 1791191040400, 0, NULL);

INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES
(1, 'Dear Mara, I asked the carrier', NULL, 1791191820000);

INSERT INTO own_canned_reply (name, text) VALUES
('bye', 'Have a good day!');

INSERT INTO draft_frame (thread_id, answers, offers) VALUES
(1, 'm_two', '[]');

INSERT INTO note_draft (thread_id, text, supervisors_only, reason, untold, updated_ms) VALUES
(2, 'Ask the warehouse', 0, NULL, NULL, 1791191880000);

INSERT INTO saved_view (id, place, name, view, account, platform, label, sort) VALUES
('01990000-0000-7000-8000-000000000071', 1, 'Refunds', 'all', '104500000000011', NULL, '01990000-0000-7000-8000-000000000031', 'newest');

INSERT INTO media (media, mime, bytes, width, height, moving, thumb_mime, thumb_bytes, fetched_ms, unused) VALUES
('1f0e3dad99908345f7439f8ffabdffc41f0e3dad99908345f7439f8ffabdffc4', 'image/jpeg', 48213, 800, 600, 0, 'image/jpeg', 5120, 1791191100000, 0),
('c4ca4238a0b923820dcc509a6f75849bc4ca4238a0b923820dcc509a6f75849b', 'video/mp4', 900000, NULL, NULL, 0, NULL, 0, 1791190000000, 1);

INSERT INTO media_use (thread_id, key, place, state, media, name, address, tries, again_ms) VALUES
(1, 'm_two', 'r', 'dead', NULL, NULL, 'b6589fc6ab0dc82cf12099d1c2d40ab994e8410c', 3, 0),
(2, 'm_cup', 'a.0', 'here', '1f0e3dad99908345f7439f8ffabdffc41f0e3dad99908345f7439f8ffabdffc4', 'cup.jpg', '356a192b7913b04c54574d18c28d46e6395428ab', 0, 0);

INSERT INTO history_pass (account, begun_ms, since_ms, is_listed, messages) VALUES
('104500000000011', 1791192480000, 1791190680000, 1, 4);

INSERT INTO history_thread (account, conversation, customer, name, updated_ms, is_done) VALUES
('104500000000011', 't_9000000000000301', '6200000000000101', 'Mara Lindt', 1791191040000, 0),
('104500000000011', 't_9000000000000302', '6200000000000102', NULL, 1791191101000, 1);
