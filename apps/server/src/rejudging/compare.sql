-- name: compared
select change, old_verdict as "oldVerdict", new_verdict as "newVerdict", count(*) as count,
  count(*) filter (where stale) as stale, count(score_difference) as scored,
  coalesce(sum(old_score) filter (where score_difference is not null), 0) as "oldScore",
  coalesce(sum(new_score) filter (where score_difference is not null), 0) as "newScore"
from rejudging_comparison
where rejudging_id = :id
group by change, old_verdict, new_verdict
order by old_verdict nulls first, new_verdict

-- name: listItems
select item.submission_id as "submissionId", item.problem_id as "problemId",
  problems.short_name as "shortName", item.language, item.created_by as "tokenId",
  tokens.name as "tokenName", item.created_at as "submittedAt", item.change, item.stale,
  item.score_difference as "scoreDifference",
  item.old_job_id as "oldJobId", item.old_state as "oldState", item.old_verdict as "oldVerdict",
  item.old_score as "oldScore",
  item.new_job_id as "newJobId", item.new_state as "newState", item.new_verdict as "newVerdict",
  item.new_score as "newScore", item.created_at::text as position
from rejudging_comparison as item
join problems on problems.id = item.problem_id
join tokens on tokens.id = item.created_by
where item.rejudging_id = :id and (:change::text is null or item.change = :change::text)
  and (item.created_at, item.submission_id) < (:beforeTime::timestamptz, :beforeId::uuid)
order by item.created_at desc, item.submission_id desc
limit :limit

-- name: judgingsOf
-- The first job of a submission and those that plans which were applied made.
with shown as (
  select id, job_id from submissions where id = :id and organization_id = :organizationId
), job as (
  select shown.job_id as id from shown
  union
  select item.old_job_id from shown join rejudging_items as item on item.submission_id = shown.id
  union
  select item.new_job_id
  from shown
  join rejudging_items as item on item.submission_id = shown.id
  join rejudgings as plan on plan.id = item.rejudging_id
  where item.applied
)
select jobs.id as "jobId", jobs.state, jobs.verdict, jobs.score, jobs.created_at as "createdAt",
  jobs.id = (select job_id from shown) as current, plan.id as "rejudgingId", plan.reason
from job
join jobs on jobs.id = job.id
left join rejudging_items as item on item.new_job_id = jobs.id
left join rejudgings as plan on plan.id = item.rejudging_id
order by jobs.created_at, jobs.id
