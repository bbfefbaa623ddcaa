-- The platform's first tables. Every row has an organization_id or hangs on one that has, and
-- references between tenants' rows carry it, so that none can point into another organization.
--
-- Documents that programs wrote into (payload, result, failure, event bodies) are json and not
-- jsonb: jsonb refuses \u0000 and lone surrogates, both of which a program may print.

-- PostgreSQL 18 brings uuidv7(); older ones get the same: 48 bits of milliseconds, then random.
do $install$
begin
  if to_regprocedure('pg_catalog.uuidv7()') is null then
    create function uuidv7() returns uuid language sql volatile parallel safe as $body$
      select (
        lpad(to_hex(floor(extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7'
        || substr(replace(gen_random_uuid()::text, '-', ''), 14)
      )::uuid
    $body$;
  end if;
end
$install$;

create table organizations (
  id uuid primary key default uuidv7(),
  name text not null unique check (name <> ''),
  created_at timestamptz not null default now()
);

create table tokens (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  name text not null,
  role text not null check (role in ('owner', 'maintainer', 'teacher', 'learner', 'runner')),
  -- The token itself is never stored.
  secret_sha256 bytea not null unique check (octet_length(secret_sha256) = 32),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  unique (organization_id, id)
);

create domain digest as text check (value ~ '^[0-9a-f]{64}$');

create table blobs (
  organization_id uuid not null references organizations on delete cascade,
  digest digest not null,
  size bigint not null check (size >= 0),
  created_at timestamptz not null default now(),
  primary key (organization_id, digest)
);

-- Whether any organization still needs some bytes.
create index blobs_by_digest on blobs (digest);

create table problems (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  short_name text not null check (short_name <> ''),
  name text not null,
  -- Over the package's content: the same upload twice under one short name is the same problem.
  package_digest digest not null,
  -- The blob that lists the package's files.
  manifest digest not null,
  format_version text not null,
  limits jsonb not null,
  summary jsonb not null,
  created_at timestamptz not null default now(),
  -- Again at each upload of the same content: an older version that is uploaded again is current again.
  uploaded_at timestamptz not null default clock_timestamp(),
  created_by uuid not null,
  unique (organization_id, short_name, package_digest),
  unique (organization_id, id),
  foreign key (organization_id, created_by) references tokens (organization_id, id)
);

-- What was uploaded last under a short name is the one that counts.
create index problems_by_short_name on problems (organization_id, short_name, uploaded_at desc, id desc);

create table runners (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  name text not null check (name <> ''),
  labels text[] not null default '{}',
  slots int not null check (slots > 0),
  isolation jsonb not null,
  images jsonb not null,
  languages jsonb not null,
  version text not null,
  registered_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  unique (organization_id, name)
);

create index runners_by_last_seen on runners (last_seen_at);

create table jobs (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  kind text not null,
  state text not null default 'queued'
    check (state in ('queued', 'leased', 'running', 'completed', 'failed', 'cancelled')),
  queue text not null,
  -- The fence of the last lease; 0 before the first.
  attempt int not null default 0 check (attempt >= 0),
  max_attempts int not null check (max_attempts > 0),
  payload json not null,
  result json,
  failure json,
  correlation_id text not null,
  created_by uuid not null,
  -- No foreign key: a settled job keeps the id of a runner that was removed.
  runner_id uuid,
  created_at timestamptz not null default now(),
  leased_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  last_event_seq int not null default 0 check (last_event_seq >= 0),
  -- The event of the last change of state: what an attempt has told comes after it.
  state_event_seq int not null default 0 check (state_event_seq between 0 and last_event_seq),
  cancel_requested_at timestamptz,
  unique (organization_id, id),
  foreign key (organization_id, created_by) references tokens (organization_id, id),
  constraint settled_has_finished_at
    check ((state in ('completed', 'failed', 'cancelled')) = (finished_at is not null)),
  constraint completed_has_result check ((state = 'completed') = (result is not null)),
  constraint failed_has_failure check ((state = 'failed') = (failure is not null)),
  constraint leased_has_attempt check (
    state not in ('leased', 'running', 'completed')
    or (attempt > 0 and leased_at is not null and runner_id is not null)
  ),
  constraint running_has_started_at check (state <> 'running' or started_at is not null)
) with (fillfactor = 80);

create index jobs_latest on jobs (organization_id, created_at desc, id desc);
create index jobs_waiting on jobs (queue, created_at) where state = 'queued';
create index jobs_at_runner on jobs (runner_id) where state in ('leased', 'running');

-- The last line of defence behind the fence: a settled job never changes, and a fence never goes back.
create function keep_settled_jobs() returns trigger language plpgsql as $body$
begin
  if old.state in ('completed', 'failed', 'cancelled') then
    raise exception 'job % is % and never changes', old.id, old.state
      using errcode = 'restrict_violation', constraint = 'settled_job_never_changes';
  end if;
  if new.attempt < old.attempt then
    raise exception 'job %: attempt % is behind attempt %', old.id, new.attempt, old.attempt
      using errcode = 'restrict_violation', constraint = 'attempt_never_decreases';
  end if;
  return new;
end
$body$;

create trigger jobs_keep_settled before update on jobs
  for each row execute function keep_settled_jobs();

create table job_events (
  job_id uuid not null references jobs on delete cascade,
  seq int not null check (seq > 0),
  at timestamptz not null default now(),
  body json not null,
  primary key (job_id, seq)
);

create table submissions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  problem_id uuid not null,
  job_id uuid not null unique,
  language text not null,
  created_at timestamptz not null default now(),
  created_by uuid not null,
  foreign key (organization_id, problem_id) references problems (organization_id, id),
  foreign key (organization_id, job_id) references jobs (organization_id, id) on delete cascade,
  foreign key (organization_id, created_by) references tokens (organization_id, id)
);

create index submissions_latest on submissions (organization_id, created_at desc, id desc);
create index submissions_of_problem on submissions (problem_id, created_at desc);
