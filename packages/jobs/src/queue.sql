-- name: ready
-- The queues that have something to lease, the most urgent first. One look at the head of each
-- through pg-boss's fetch index, and only of those that ever had a job: a runner that offers sixty
-- languages names hundreds.
select q.name
from pgboss.queue q
cross join lateral (
  select j.priority, j.created_on
  from pgboss.job j
  where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= now()
  order by j.priority desc, j.created_on
  limit 1
) as head
where q.name = any (cast(:queues as text[]))
order by head.priority desc, head.created_on;

-- name: expired
-- Locked, so that a beat that comes at the same time either counts or finds its lease gone.
select j.id, j.name, j.retry_count
from pgboss.job j
where j.state = 'active'
  and j.heartbeat_on + j.heartbeat_seconds * interval '1 second' < now()
order by j.name, j.id
limit :max
for update skip locked;

-- name: depth
select j.name, count(*) as waiting
from pgboss.job j
where j.name = any (cast(:queues as text[])) and j.state < 'active'
group by j.name;
