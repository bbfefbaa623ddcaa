-- name: ready
-- The queues that have something to lease for this holder, the most urgent first, and what it refused.
-- One look at the head of each through pg-boss's fetch index, and only of those that ever had a job: a
-- runner that offers sixty languages names hundreds. Only jobs that were refused have a group.
with refused as materialized (
  select coalesce(array_agg(job_id::text), '{}') as ids
  from queue_refusals
  where holder = cast(:holder as text) and until > now()
)
select q.name as queue, head."waitedMs", head.refused, refused.ids
from pgboss.queue q
cross join refused
cross join lateral (
  select j.priority, j.created_on, j.group_id is not null as refused,
    cast(extract(epoch from now() - j.start_after) * 1000 as float8) as "waitedMs"
  from pgboss.job j
  where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= now()
    and (j.group_id is null or j.group_id <> all (refused.ids))
  order by j.priority desc, j.created_on
  limit 1
) as head
where q.name = any (cast(:queues as text[]))
order by head.priority desc, head.created_on;

-- name: refuse
-- Notes that a holder can't do a job, while it still has the lease. As long as another one is left that
-- could, this is no attempt; else everybody may try again.
with kept as materialized (
  select exists (
    select from unnest(cast(:others as text[])) as other (holder)
    where not exists (
      select from queue_refusals r
      where r.holder = other.holder and r.job_id = :jobId and r.until > now()
    )
  ) as spared
), entry as (
  update pgboss.job j set
    group_id = j.id::text,
    retry_limit = j.retry_limit + case when kept.spared then 1 else 0 end
  from kept
  where j.name = :queue and j.id = :jobId and j.state = 'active' and j.retry_count = :retryCount
  returning j.id
), noted as (
  insert into queue_refusals (holder, job_id, until)
  select cast(:holder as text), entry.id, now() + interval '1 minute' from entry, kept where kept.spared
  on conflict (holder, job_id) do update set until = excluded.until
), forgotten as (
  delete from queue_refusals r using entry, kept where r.job_id = entry.id and not kept.spared
)
select id from entry;

-- name: forget
delete from queue_refusals where until < now();

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
