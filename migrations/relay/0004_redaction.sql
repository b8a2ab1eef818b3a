-- A text that was taken back or erased is found wherever it stands.

alter table entry add column customer text;  -- whom it is about; null for facts about the account, and where nobody is named
update entry set customer = cast(coalesce(
    body ->> '$.customer',
    case when kind = 'meta' then case log
      when body ->> '$.event.sender.id' then body ->> '$.event.recipient.id'
      else body ->> '$.event.sender.id' end end) as text)
  where json_valid(body);
create index entry_of_customer on entry (log, customer, seq) where customer is not null;

create index part_of_thread on part (account, customer);
