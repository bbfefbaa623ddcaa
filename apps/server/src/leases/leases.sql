-- name: findAttempts
-- The attempts of a beat that still own their job.
select jobs.id as "jobId", jobs.queue, jobs.state, jobs.attempt,
  jobs.cancel_requested_at is not null as "cancelRequested"
from unnest(:jobIds::uuid[], :attempts::int[]) as asked (job_id, attempt)
join jobs on jobs.id = asked.job_id and jobs.attempt = asked.attempt
where jobs.organization_id = :organizationId and jobs.state in ('leased', 'running')

-- name: payloadOfAttempt
select payload, attempt, state from jobs where id = :jobId and organization_id = :organizationId
