-- name: chooseSubmissions
-- The submissions of a new plan, with what they show now and the version to judge with. Withdrawn ones
-- stay as they are.
with current as (
  select distinct on (short_name) id, short_name
  from problems
  where organization_id = :organizationId
  order by short_name, uploaded_at desc, id desc
), chosen as (
  select submissions.id, submissions.job_id, problems.short_name
  from submissions
  join problems on problems.id = submissions.problem_id
  join jobs on jobs.id = submissions.job_id
  where submissions.organization_id = :organizationId
    and jobs.state <> 'cancelled'
    and (:problemIds::uuid[] is null or submissions.problem_id = any (:problemIds::uuid[]))
    and (:problemSetId::uuid is null or submissions.problem_set_id = :problemSetId::uuid)
    and (:languages::text[] is null or submissions.language = any (:languages::text[]))
    and (:verdicts::text[] is null or jobs.verdict = any (:verdicts::text[]))
    and (:since::timestamptz is null or submissions.created_at >= :since::timestamptz)
    and (:until::timestamptz is null or submissions.created_at < :until::timestamptz)
    and (:submissionIds::uuid[] is null or submissions.id = any (:submissionIds::uuid[]))
  limit :limit
), item as (
  insert into rejudging_items (rejudging_id, organization_id, submission_id, problem_id, old_job_id)
  select :id, :organizationId, chosen.id, coalesce(:against::uuid, current.id), chosen.job_id
  from chosen join current on current.short_name = chosen.short_name
  returning submission_id
)
select count(*) as count, count(distinct short_name) as problems, min(short_name) as "shortName" from chosen

-- name: unknownSubmissions
select asked.id
from unnest(:submissionIds::uuid[]) as asked (id)
left join submissions on submissions.id = asked.id and submissions.organization_id = :organizationId
where submissions.id is null
limit 10

-- name: versionsOf
-- The versions that a new plan judges with.
select distinct problem_id as id from rejudging_items where rejudging_id = :id

-- name: nextItems
-- What the next new jobs are made of: the payload that was judged first, and what counts now.
select item.submission_id as "submissionId", item.problem_id as "problemId", jobs.payload, sets.policy
from rejudging_items as item
join submissions on submissions.id = item.submission_id
join jobs on jobs.id = item.old_job_id
left join problem_sets as sets on sets.id = submissions.problem_set_id
where item.rejudging_id = :id and item.submission_id > :after::uuid
order by item.submission_id
limit :limit

-- name: setNewJobs
update rejudging_items as item set new_job_id = new.job_id
from unnest(:submissionIds::uuid[], :jobIds::uuid[]) as new (submission_id, job_id)
where item.rejudging_id = :id and item.submission_id = new.submission_id

-- name: openJobs
select jobs.id as "jobId", jobs.queue, jobs.state
from rejudging_items as item join jobs on jobs.id = item.new_job_id
where item.rejudging_id = :id and jobs.state in ('queued', 'leased', 'running')

-- name: countBlocked
-- Submissions that applying would not change: they have no new result, or were withdrawn meanwhile.
select count(*) as count
from rejudging_items as item
join jobs as old on old.id = item.old_job_id
join jobs as new on new.id = item.new_job_id
where item.rejudging_id = :id and (new.state <> 'completed' or old.state = 'cancelled')

-- name: applyItems
-- Only submissions that still show what the plan compared with; the caller compares the counts.
with fit as (
  select item.submission_id, item.old_job_id, item.new_job_id
  from rejudging_items as item
  join jobs as old on old.id = item.old_job_id
  join jobs as new on new.id = item.new_job_id
  where item.rejudging_id = :id and new.state = 'completed' and old.state <> 'cancelled'
  order by item.submission_id
), shown as (
  update submissions set job_id = fit.new_job_id
  from fit
  where submissions.id = fit.submission_id and submissions.job_id = fit.old_job_id
  returning submissions.id
), marked as (
  update rejudging_items as item set applied = true
  from shown
  where item.rejudging_id = :id and item.submission_id = shown.id
)
select (select count(*) from fit) as wanted, (select count(*) from shown) as changed

-- name: rollBackItems
with fit as (
  select submission_id, old_job_id, new_job_id
  from rejudging_items
  where rejudging_id = :id and applied
  order by submission_id
), shown as (
  update submissions set job_id = fit.old_job_id
  from fit
  where submissions.id = fit.submission_id and submissions.job_id = fit.new_job_id
  returning submissions.id
)
select (select count(*) from fit) as wanted, (select count(*) from shown) as changed

-- name: staleItems
-- Which submissions show neither what the plan compared with nor its own result, and whose. The caller
-- has changed the others already.
select item.submission_id as "submissionId", other.rejudging_id as "otherId"
from rejudging_items as item
join submissions on submissions.id = item.submission_id
left join rejudging_items as other on other.new_job_id = submissions.job_id
where item.rejudging_id = :id and submissions.job_id not in (item.old_job_id, item.new_job_id)
  and (item.applied or not :onlyApplied::boolean)
order by item.submission_id
limit 10
