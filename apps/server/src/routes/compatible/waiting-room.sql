-- name: countWaiting
-- No further than to where it is too many. Submissions that are judged again, thousands at once, wait
-- behind all runs, and are in nobody's way.
select count(*)::int as waiting from (
  select 1 from jobs where organization_id = :organizationId and state = 'queued' and kind = 'run' limit :enough
) as enough_of_them
