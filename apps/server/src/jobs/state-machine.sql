-- name: createJobs
-- Jobs, their first events and, for submissions, their rows, in the order of the arrays. The queue
-- entries follow in the same transaction.
with new as materialized (
  select n, uuidv7() as id, organization_id, kind, queue, payload, correlation_id, created_by,
    problem_id, problem_set_id, language
  from unnest(
    :organizationIds::uuid[], :kinds::text[], :queues::text[], :payloads::json[], :correlationIds::text[],
    :creators::uuid[], :problemIds::uuid[], :problemSetIds::uuid[], :languages::text[]
  ) with ordinality as new (
    organization_id, kind, queue, payload, correlation_id, created_by,
    problem_id, problem_set_id, language, n
  )
), job as (
  insert into jobs (
    id, organization_id, kind, state, queue, max_attempts, payload, correlation_id, created_by,
    last_event_seq, state_event_seq
  )
  select id, organization_id, kind, 'queued', queue, :maxAttempts, payload, correlation_id, created_by, 1, 1
  from new
), told as (
  insert into job_events (job_id, seq, at, body)
  select id, 1, now(), json_build_object('type', 'state', 'state', 'queued', 'attempt', 0, 'reason', null)
  from new
), submission as (
  insert into submissions (organization_id, problem_id, problem_set_id, job_id, language, created_by)
  select organization_id, problem_id, problem_set_id, id, language, created_by
  from new where problem_id is not null
  returning id, job_id
)
select new.id as "jobId", submission.id as "submissionId"
from new left join submission on submission.job_id = new.id
order by new.n

-- name: changeState
-- One element of each array per job; row and events change together or not at all. A job that is in
-- none of the states `from_states`, is owned by another attempt, or lacks events before `told_offset`
-- is left out of the answer.
--
-- Events known of an attempt are those after the last change of state. All that is compared stands in
-- the job's row, so that a statement which had to wait for the row's lock compares with what it finds
-- then.
--
-- Results and events travel as json[] and not inside one document: PostgreSQL can't take a json apart
-- that holds \u0000, and programs may print that.
with change as materialized (
  select * from unnest(
    :jobIds::uuid[], :fromStates::text[], :attempts::int[], :toStates::text[], :nextAttempts::int[],
    :runnerIds::uuid[], :reasons::text[], :results::json[], :verdicts::text[], :scores::float8[],
    :images::text[], :failures::json[], :offsets::int[], :events::json[]
  ) as c (
    job_id, from_states, attempt, to_state, next_attempt,
    by_runner, reason, new_result, new_verdict, new_score, new_image, new_failure, told_offset, told
  )
), target as (
  select change.*, jobs.last_event_seq as last_seq, coalesce(change.next_attempt, jobs.attempt) as new_attempt,
    case when json_array_length(told) = 0 then told_offset
      else jobs.last_event_seq - jobs.state_event_seq
    end as known
  from change join jobs on jobs.id = change.job_id
  where jobs.state = any (string_to_array(change.from_states, ','))
    and (change.attempt is null or jobs.attempt = change.attempt)
  order by jobs.id
  for update of jobs
), counted as (
  select *, greatest(told_offset + json_array_length(told) - known, 0) as fresh
  from target where told_offset <= known
), written as (
  insert into job_events (job_id, seq, at, body)
  select job_id, last_seq + told_offset + event.n - known, now(), event.body
  from counted cross join json_array_elements(told) with ordinality as event (body, n)
  where told_offset + event.n > known
  union all
  select job_id, last_seq + fresh + 1, now(),
    json_build_object('type', 'state', 'state', to_state, 'attempt', new_attempt, 'reason', reason)
  from counted
)
update jobs set
  state = to_state,
  attempt = new_attempt,
  last_event_seq = last_seq + fresh + 1,
  state_event_seq = last_seq + fresh + 1,
  runner_id = coalesce(by_runner, runner_id),
  leased_at = case to_state when 'leased' then now() when 'queued' then null else leased_at end,
  started_at = case
    when to_state in ('leased', 'queued') then null
    when to_state in ('running', 'completed') then coalesce(started_at, leased_at)
    else started_at
  end,
  finished_at = case when to_state in ('completed', 'failed', 'cancelled') then now() end,
  result = new_result,
  verdict = new_verdict,
  score = new_score,
  image = new_image,
  failure = new_failure
from counted
where jobs.id = counted.job_id
returning jobs.id as "jobId", jobs.queue, jobs.attempt, jobs.correlation_id as "correlationId",
  jobs.cancel_requested_at is not null as "cancelRequested",
  case when to_state = 'leased' then jobs.payload end as payload

-- name: appendEvents
-- Adds what the attempt has not told yet. No row: another attempt owns the job, or events are missing
-- before these. The caller holds the row's lock.
with target as (
  select id, last_event_seq as last_seq, last_event_seq - state_event_seq as known
  from jobs
  where id = :jobId and attempt = :attempt and state = 'running'
), counted as (
  select *, greatest(:offset::int + json_array_length(:events::json) - known, 0) as fresh
  from target where :offset::int <= known
), written as (
  insert into job_events (job_id, seq, at, body)
  select id, last_seq + :offset::int + event.n - known, now(), event.body
  from counted cross join json_array_elements(:events::json) with ordinality as event (body, n)
  where :offset::int + event.n > known
)
update jobs set last_event_seq = last_seq + fresh
from counted
where jobs.id = counted.id
returning jobs.id as "jobId"

-- name: findJobs
-- One row per key that has a job, named by the key's place from 1.
select key.n::int, id as "jobId", kind, state, attempt, queue, correlation_id as "correlationId",
  cancel_requested_at is not null as "cancelRequested", runner_id as "runnerId"
from unnest(:jobIds::uuid[], :organizationIds::uuid[]) with ordinality as key (job_id, organization_id, n)
join jobs on jobs.id = key.job_id and jobs.organization_id = key.organization_id

-- name: findJob
select id as "jobId", kind, state, attempt, queue, correlation_id as "correlationId",
  cancel_requested_at is not null as "cancelRequested", runner_id as "runnerId"
from jobs
where id = :jobId and organization_id = :organizationId
  and (:onlyOf::uuid is null or created_by = :onlyOf::uuid)

-- name: findStanding
select id as "jobId", kind, state, attempt, queue, correlation_id as "correlationId",
  cancel_requested_at is not null as "cancelRequested", runner_id as "runnerId"
from jobs where id = :jobId

-- name: lockJob
-- Serialises everything that changes one job, so that the next statement sees its latest state.
select id as "jobId", kind, state, attempt, queue, correlation_id as "correlationId",
  cancel_requested_at is not null as "cancelRequested", runner_id as "runnerId"
from jobs
where id = :jobId and organization_id = :organizationId
  and (:onlyOf::uuid is null or created_by = :onlyOf::uuid)
for update

-- name: requestCancel
update jobs set cancel_requested_at = coalesce(cancel_requested_at, now())
where id = any (:jobIds::uuid[]) and state in ('queued', 'leased', 'running')
