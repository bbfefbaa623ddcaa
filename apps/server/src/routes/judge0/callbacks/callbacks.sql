-- name: claimCallbacks
-- Whoever claims has until the next due time to deliver; then another server may think that it died.
with due as (
  select s.token
  from judge0_submissions as s join jobs on jobs.id = s.job_id
  where s.callback_due_at <= now() and jobs.state in ('completed', 'failed', 'cancelled')
  order by s.callback_due_at
  limit :limit
  for update of s skip locked
)
update judge0_submissions as s
set callback_tries = callback_tries + 1, callback_due_at = now() + make_interval(secs => :claimSeconds)
from due where s.token = due.token
returning s.token, s.organization_id as "organizationId", s.callback_url as url, s.callback_tries as tries

-- name: endCallback
update judge0_submissions set callback_due_at = null where token = :token

-- name: postponeCallback
update judge0_submissions set callback_due_at = now() where token = :token
