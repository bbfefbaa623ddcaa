-- name: registerRunner
insert into runners (organization_id, name, slots, speed_factor, isolation, images, languages, version)
values (:organizationId, :name, :slots, :speedFactor, :isolation, :images, :languages, :version)
on conflict (organization_id, name) do update set
  slots = excluded.slots, speed_factor = excluded.speed_factor, isolation = excluded.isolation, images = excluded.images,
  languages = excluded.languages, version = excluded.version, last_seen_at = now()
returning id

-- name: listRunners
select id, name, version, slots, speed_factor as "speedFactor", isolation, images, languages,
  last_seen_at > now() - make_interval(secs => :aliveSeconds) as alive,
  (select count(*)::int from jobs where runner_id = runners.id and state in ('leased', 'running')) as "activeJobs",
  last_seen_at as "lastSeenAt", registered_at as "registeredAt"
from runners where organization_id = :organizationId
order by name

-- name: sawRunner
-- Once a second is enough: a runner asks for work far more often, and each write is a commit on the disk.
with noted as (
  update runners set last_seen_at = now(), asked_at = case when :asks then now() else asked_at end
  where id = :runnerId and organization_id = :organizationId and (
    last_seen_at < now() - interval '1 second'
    or (:asks and coalesce(asked_at, '-infinity') < now() - interval '1 second')
  )
)
select languages, array(
    select image ->> 'name' from jsonb_array_elements(images) as image where image ->> 'state' = 'fetchable'
  ) as fetchable
from runners where id = :runnerId and organization_id = :organizationId

-- name: hungUp
update runners set asked_at = null where id = :runnerId and organization_id = :organizationId

-- name: freeRunners
-- Of these, those that ask for work and have a place for a job. An open request for work is noted every
-- two seconds.
select id from runners
where organization_id = :organizationId and id = any (:runnerIds::uuid[])
  and asked_at > now() - interval '5 seconds'
  and slots > (select count(*) from jobs where runner_id = runners.id and state in ('leased', 'running'))

-- name: queuesAtRunner
select distinct queue from jobs
where runner_id = :runnerId and organization_id = :organizationId and state in ('leased', 'running')
