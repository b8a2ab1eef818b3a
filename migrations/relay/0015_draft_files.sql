-- What the files of a draft are called, as JSON, for whoever goes on; the files stay on their desk.
alter table draft add column files text not null default '[]';
