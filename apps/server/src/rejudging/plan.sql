-- name: insertPlan
with plan as (
  insert into rejudgings (organization_id, reason, selection, against, time_ms, policy, created_by)
  values (:organizationId, :reason, :selection, :against, :timeMs, :policy, :tokenId)
  returning id
), told as (
  insert into rejudging_audit (organization_id, rejudging_id, action, token_id, reason)
  select :organizationId, id, 'create', :tokenId, :reason from plan
)
select id from plan

-- name: completePlan
update rejudgings set total = :total where id = :id

-- name: lockPlan
select state from rejudgings where id = :id and organization_id = :organizationId for update

-- name: movePlan
with moved as (
  update rejudgings set state = :to, changed_at = now()
  where id = :id and organization_id = :organizationId and state = any (:from::text[])
  returning id
), told as (
  insert into rejudging_audit (organization_id, rejudging_id, action, token_id, reason, submissions)
  select :organizationId, id, :action, :tokenId, :reason, :submissions::int from moved
)
select id from moved

-- name: readPlan
select id, shown_state as state, reason,
  -- Ten thousand ids are counted, not told.
  jsonb_strip_nulls(
    (selection - 'submissions')
    || jsonb_build_object('submissionCount', jsonb_array_length(selection -> 'submissions'))
  ) as selection,
  against, time_ms as "timeMs", policy, total,
  created_by as "tokenId", created_by_name as "tokenName", created_at as "createdAt", changed_at as "changedAt"
from rejudgings_shown
where id = :id and organization_id = :organizationId

-- name: listPlans
select id, shown_state as state, reason,
  -- Ten thousand ids are counted, not told.
  jsonb_strip_nulls(
    (selection - 'submissions')
    || jsonb_build_object('submissionCount', jsonb_array_length(selection -> 'submissions'))
  ) as selection,
  against, time_ms as "timeMs", policy, total,
  created_by as "tokenId", created_by_name as "tokenName", created_at as "createdAt", changed_at as "changedAt",
  created_at::text as position
from rejudgings_shown
where organization_id = :organizationId and (created_at, id) < (:beforeTime::timestamptz, :beforeId::uuid)
order by created_at desc, id desc
limit :limit

-- name: progressOf
select count(*) filter (where jobs.state = 'queued') as pending,
  count(*) filter (where jobs.state in ('leased', 'running')) as judging,
  count(*) filter (where jobs.state = 'completed') as judged,
  count(*) filter (where jobs.state in ('failed', 'cancelled')) as unjudged
from rejudging_items as item join jobs on jobs.id = item.new_job_id
where item.rejudging_id = :id

-- name: auditOf
select audit.at, audit.action, audit.token_id as "tokenId", tokens.name as "tokenName", audit.reason,
  audit.submissions
from rejudging_audit as audit join tokens on tokens.id = audit.token_id
where audit.rejudging_id = :id and audit.organization_id = :organizationId
order by audit.at, audit.id
