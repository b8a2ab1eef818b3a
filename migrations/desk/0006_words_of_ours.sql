-- Words of ours that were taken back are found in every try at sending them.

CREATE INDEX team_part_by_thread ON team_part (thread_id);
