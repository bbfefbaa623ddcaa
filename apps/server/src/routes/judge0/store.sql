-- name: insertSubmission
insert into judge0_submissions (
  organization_id, job_id, created_by, language_id, request, callback_url, callback_due_at
)
values (
  :organizationId, :jobId, :createdBy, :languageId, :request, :callbackUrl,
  -- Until then whoever made it delivers the callback; after that, anybody.
  case when :callbackUrl::text is not null then now() end
)
returning token

-- name: findSubmissions
select s.token, s.language_id as "languageId", s.request, s.callback_url as "callbackUrl",
  s.created_at as "createdAt", jobs.id as "jobId", jobs.state, jobs.failure, jobs.result,
  jobs.started_at as "startedAt", jobs.finished_at as "finishedAt",
  case when :withPayload::boolean then jobs.payload end as payload
from judge0_submissions as s join jobs on jobs.id = s.job_id
where s.token = any (:tokens::uuid[]) and s.organization_id = :organizationId
  and (:onlyOf::uuid is null or s.created_by = :onlyOf::uuid)

-- name: listSubmissions
select s.token, s.language_id as "languageId", s.request, s.callback_url as "callbackUrl",
  s.created_at as "createdAt", jobs.id as "jobId", jobs.state, jobs.failure, jobs.result,
  jobs.started_at as "startedAt", jobs.finished_at as "finishedAt",
  case when :withPayload::boolean then jobs.payload end as payload
from judge0_submissions as s join jobs on jobs.id = s.job_id
where s.organization_id = :organizationId
order by s.created_at desc, s.token
limit :limit offset :offset

-- name: newestOutcomes
-- For statistics, which anybody may ask for at any time: what is large is left out, not even read. The
-- size as it is stored is looked at first, because the other one has to unpack it.
select s.token, s.language_id as "languageId", s.request, s.callback_url as "callbackUrl",
  s.created_at as "createdAt", jobs.id as "jobId", jobs.state, jobs.failure, jobs.result,
  jobs.started_at as "startedAt", jobs.finished_at as "finishedAt", null as payload
from (
  select * from judge0_submissions
  where organization_id = :organizationId
  order by created_at desc, token
  limit :limit offset :offset
) as s
join jobs on jobs.id = s.job_id
where case
  when pg_column_size(s.request) + coalesce(pg_column_size(jobs.result), 0) <= :maxBytes::int
  then octet_length(s.request::text) + coalesce(octet_length(jobs.result::text), 0) <= :maxBytes::int
end

-- name: countSubmissions
select count(*)::int as count from judge0_submissions where organization_id = :organizationId

-- name: deleteSubmission
-- The job goes with it, and so does everything that hangs on the job.
delete from jobs using judge0_submissions as s
where s.token = :token and s.organization_id = :organizationId and jobs.id = s.job_id
  and jobs.state in ('completed', 'failed', 'cancelled')

-- name: countDays
select
  count(*)::int as total,
  count(*) filter (where created_at >= date_trunc('day', now()))::int as today
from judge0_submissions where organization_id = :organizationId

-- name: countLanguages
select language_id as id, count(*)::int as count
from judge0_submissions where organization_id = :organizationId
group by language_id order by language_id

-- name: countLastDays
select to_char(created_at, 'YYYY-MM-DD') as day, count(*)::int as count
from judge0_submissions
where organization_id = :organizationId and created_at >= date_trunc('day', now()) - interval '30 days'
group by 1 order by 1
