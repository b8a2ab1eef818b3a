-- Events of kinds that nobody understands, by customer: an unsend looks through those that may name its message.
create index entry_unknown on entry (log, customer, seq) where about = 'unknown';
