-- What interactive runs are told, and what the compatible APIs remember beside the jobs that they make.

create table job_inputs (
  job_id uuid not null references jobs on delete cascade,
  seq int not null check (seq > 0),
  -- json for the same reason as in the other tables: jsonb refuses what a program may be told.
  body json not null,
  primary key (job_id, seq)
);

create table judge0_submissions (
  -- Random, and no order in it: clients hand tokens around.
  token uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  job_id uuid not null unique,
  created_by uuid not null,
  language_id int not null,
  -- What the client asked for and the job does not hold.
  request json not null,
  callback_url text,
  callback_tries int not null default 0 check (callback_tries >= 0),
  -- When to try the callback next; null: there is none, or it is done.
  callback_due_at timestamptz,
  created_at timestamptz not null default now(),
  foreign key (organization_id, job_id) references jobs (organization_id, id) on delete cascade,
  foreign key (organization_id, created_by) references tokens (organization_id, id)
);

create index judge0_submissions_latest on judge0_submissions (organization_id, created_at desc, token);
create index judge0_callbacks_due on judge0_submissions (callback_due_at) where callback_due_at is not null;
