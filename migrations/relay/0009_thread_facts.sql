-- The newest entry of each fact about a thread, so that a new desk knows how threads stand before it has read years of log.
create table thread_fact (
  account  text not null references log (log),
  customer text not null,
  slot     text not null,                 -- the fact's name; for labels with the label's id, for names by whom
  seq      integer not null,
  primary key (account, customer, slot)
) strict, without rowid;
create unique index thread_fact_by_seq on thread_fact (account, seq);

insert into thread_fact (account, customer, slot, seq)
select log, customer,
       case body ->> '$.fact'
         when 'label_added' then 'label:' || (body ->> '$.label')
         when 'label_removed' then 'label:' || (body ->> '$.label')
         when 'customer_named' then 'named:' || (body ->> '$.by_hand')
         else body ->> '$.fact' end,
       max(seq)
from entry
where kind = 'team' and customer is not null
  and body ->> '$.fact' in ('assigned', 'status_set', 'priority_set', 'block_set', 'customer_erased', 'customer_named',
                            'label_added', 'label_removed')
group by 1, 2, 3;
