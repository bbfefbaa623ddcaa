-- name: readJobs
-- One row per key that has a job, named by the key's place from 1. Its last event is read where it may
-- say that the job waits for an image, or why it was given back; as text, for one that holds \u0000 can't
-- be taken apart. Whoever submitted may also see the job that their submission shows, which another made
-- when it was judged again.
select key.n::int,
  case when state in ('leased', 'running') or state = 'queued' and attempt > 0 then (
    select body from job_events
    where job_id = jobs.id and seq = jobs.last_event_seq
      and (state = 'queued' or starts_with(body::text, '{"type":"image",'))
  ) end as "lastEvent",
  jobs.id, kind, state, attempt, queue, failure, verdict, score, result, correlation_id as "correlationId",
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"
from unnest(:ids::uuid[], :organizationIds::uuid[], :onlyOf::uuid[]) with ordinality
  as key (id, organization_id, only_of, n)
join jobs on jobs.id = key.id and jobs.organization_id = key.organization_id
where key.only_of is null or jobs.created_by = key.only_of
  or exists (
    select from submissions where submissions.job_id = jobs.id and submissions.created_by = key.only_of
  )

-- name: listJobs
-- A list leaves out large results: two hundred of them could be more than a server's memory.
select id, kind, state, attempt, queue, failure, verdict, score,
  case when state in ('leased', 'running') or state = 'queued' and attempt > 0 then (
    select body from job_events
    where job_id = jobs.id and seq = jobs.last_event_seq
      and (state = 'queued' or starts_with(body::text, '{"type":"image",'))
  ) end as "lastEvent",
  case when octet_length(result::text) <= 65536 then result end as result,
  correlation_id as "correlationId", created_at as "createdAt", started_at as "startedAt",
  finished_at as "finishedAt", created_at::text as position
from jobs
where organization_id = :organizationId
  and (:onlyOf::uuid is null or created_by = :onlyOf::uuid)
  and (created_at, id) < (:beforeTime::timestamptz, :beforeId::uuid)
order by created_at desc, id desc
limit :limit

-- name: readSubmission
select submissions.id as "submissionId", submissions.created_at as "submittedAt", submissions.language,
  problems.id as "problemId", problems.short_name as "shortName",
  submissions.problem_set_id as "problemSetId", problem_sets.name as "problemSetName",
  jobs.id, jobs.kind, jobs.state, jobs.attempt, jobs.queue, jobs.failure, jobs.verdict, jobs.score,
  case when jobs.state in ('leased', 'running') or jobs.state = 'queued' and jobs.attempt > 0 then (
    select body from job_events
    where job_id = jobs.id and seq = jobs.last_event_seq
      and (jobs.state = 'queued' or starts_with(body::text, '{"type":"image",'))
  ) end as "lastEvent",
  jobs.result,
  jobs.correlation_id as "correlationId", jobs.created_at as "createdAt",
  jobs.started_at as "startedAt", jobs.finished_at as "finishedAt"
from submissions
join problems on problems.id = submissions.problem_id
join jobs on jobs.id = submissions.job_id
left join problem_sets on problem_sets.id = submissions.problem_set_id
where submissions.id = :id and submissions.organization_id = :organizationId
  and (:onlyOf::uuid is null or submissions.created_by = :onlyOf::uuid)

-- name: listSubmissions
select submissions.id as "submissionId", submissions.created_at as "submittedAt", submissions.language,
  problems.id as "problemId", problems.short_name as "shortName",
  submissions.problem_set_id as "problemSetId", problem_sets.name as "problemSetName",
  jobs.id, jobs.kind, jobs.state, jobs.attempt, jobs.queue, jobs.failure, jobs.verdict, jobs.score,
  case when jobs.state in ('leased', 'running') or jobs.state = 'queued' and jobs.attempt > 0 then (
    select body from job_events
    where job_id = jobs.id and seq = jobs.last_event_seq
      and (jobs.state = 'queued' or starts_with(body::text, '{"type":"image",'))
  ) end as "lastEvent",
  case when octet_length(jobs.result::text) <= 65536 then jobs.result end as result,
  jobs.correlation_id as "correlationId", jobs.created_at as "createdAt",
  jobs.started_at as "startedAt", jobs.finished_at as "finishedAt",
  submissions.created_at::text as position
from submissions
join problems on problems.id = submissions.problem_id
join jobs on jobs.id = submissions.job_id
left join problem_sets on problem_sets.id = submissions.problem_set_id
where submissions.organization_id = :organizationId
  and (:onlyOf::uuid is null or submissions.created_by = :onlyOf::uuid)
  and (:problemIds::uuid[] is null or submissions.problem_id = any (:problemIds::uuid[]))
  and (:problemSetId::uuid is null or submissions.problem_set_id = :problemSetId::uuid)
  and (:languages::text[] is null or submissions.language = any (:languages::text[]))
  and (:verdicts::text[] is null or jobs.verdict = any (:verdicts::text[]))
  and (:since::timestamptz is null or submissions.created_at >= :since::timestamptz)
  and (:until::timestamptz is null or submissions.created_at < :until::timestamptz)
  and (submissions.created_at, submissions.id) < (:beforeTime::timestamptz, :beforeId::uuid)
order by submissions.created_at desc, submissions.id desc
limit :limit

-- name: jobOfSubmission
select job_id as "jobId" from submissions
where id = :id and organization_id = :organizationId
  and (:onlyOf::uuid is null or created_by = :onlyOf::uuid)

-- name: readEvents
select seq, at, body from job_events where job_id = :jobId and seq > :after order by seq limit :limit

-- name: storyEnd
select state, last_event_seq as "lastSeq" from jobs where id = :jobId
