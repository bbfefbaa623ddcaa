-- name: countWaiting
-- No further than to where it is too many.
select count(*)::int as waiting from (
  select 1 from jobs where organization_id = :organizationId and state = 'queued' limit :enough
) as enough_of_them
