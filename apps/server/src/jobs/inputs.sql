-- name: giveInputs
-- What is said to a job that goes on; nothing once it is settled. Whoever says it numbers it.
insert into job_inputs (job_id, seq, body)
select jobs.id, :first::int + said.n - 1, said.body
from jobs cross join json_array_elements(:bodies::json) with ordinality as said (body, n)
where jobs.id = :jobId and jobs.state not in ('completed', 'failed', 'cancelled')

-- name: readInputs
select seq, body from job_inputs where job_id = :jobId and seq > :after order by seq limit :limit

-- name: forgetInputs
delete from job_inputs where job_id = :jobId
