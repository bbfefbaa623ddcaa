-- When a runner asked for work last; null when it hung up since. A runner that drains still beats.
alter table runners add column asked_at timestamptz;

-- Jobs that a holder of leases could not do, and until when it is not given them again. The queue's
-- own; a job that is gone leaves its rows until they are too old.
create table queue_refusals (
  holder text not null,
  job_id uuid not null,
  until timestamptz not null,
  primary key (holder, job_id)
);
