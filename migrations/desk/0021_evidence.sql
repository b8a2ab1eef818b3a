-- Late replies of an account in the order of their grants: their evidence is written into a file page by page.
CREATE INDEX team_part_tagged ON team_part (account, granted_seq) WHERE tag IS NOT NULL;
