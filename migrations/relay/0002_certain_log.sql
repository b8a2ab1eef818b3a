-- The log says of every part how it ended, and every entry carries Meta's time.

-- A part can be known as sent by its echo alone; the desk's own word for it, which names the author, still becomes an
-- entry.
alter table part add column is_told integer not null default 0;  -- 1 once a send_settled entry says what settlement says
update part set is_told = 1
where settlement is not null
  and (json_extract(settlement, '$.outcome') <> 'sent'
    or part in (select json_extract(body, '$.part') from entry
                where kind = 'team' and json_extract(body, '$.fact') = 'send_settled'
                  and json_extract(body, '$.settlement.outcome') = 'sent'));

-- Times within a log do not run backwards.
alter table log add column meta_at_ms integer not null default 0;  -- the newest time that Meta's clock gave an entry

-- First results go when no honest repeat can come any more; the oldest are found by their age.
create index command_result_by_age on command_result (at_ms);

-- Written and emptied in one transaction, to see whether the disk has room again.
create table probe (
  filling blob not null
) strict;
