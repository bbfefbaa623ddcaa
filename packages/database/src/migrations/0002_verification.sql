-- What checking a problem's package by running it gave. The job is the one that was started at the
-- upload; what became of it is copied here when it completes, so that it outlives the job.
alter table problems
  add column verification text not null default 'unverified'
    check (verification in ('unverified', 'pending', 'accepted', 'refused')),
  add column verification_job uuid,
  -- Findings, submissions and time limit of the result.
  add column verification_result jsonb,
  add column verified_at timestamptz,
  -- CPU time per test, where the package states none.
  add column measured_time_ms int check (measured_time_ms > 0),
  add constraint verified_has_result check (
    (verification in ('accepted', 'refused')) = (verification_result is not null)
    and (verification_result is null) = (verified_at is null)
  ),
  add foreign key (organization_id, verification_job)
    references jobs (organization_id, id) on delete set null (verification_job);

create index problems_by_verification_job on problems (verification_job) where verification_job is not null;
