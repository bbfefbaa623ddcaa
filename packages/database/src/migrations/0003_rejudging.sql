-- Problem sets with their policies, what submissions are found by, and rejudging as a plan.

create table problem_sets (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  name text not null check (name <> ''),
  title text not null,
  -- Spelled out: what a preset means later does not change a set.
  policy jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid not null,
  unique (organization_id, name),
  unique (organization_id, id),
  foreign key (organization_id, created_by) references tokens (organization_id, id)
);

create index problem_sets_latest on problem_sets (organization_id, created_at desc, id desc);

-- By short name, so that a package that is uploaded again is judged in the set as well.
create table problem_set_entries (
  problem_set_id uuid not null references problem_sets on delete cascade,
  place int not null check (place > 0),
  short_name text not null,
  label text,
  primary key (problem_set_id, place),
  unique (problem_set_id, short_name),
  unique (problem_set_id, label)
);

alter table submissions
  add column problem_set_id uuid,
  add foreign key (organization_id, problem_set_id) references problem_sets (organization_id, id),
  add unique (organization_id, id);

-- Which job is shown can change (rejudging), so several submissions are found by it and by each other.
create index submissions_of_set on submissions (problem_set_id, created_at desc)
  where problem_set_id is not null;
create index submissions_in_language on submissions (organization_id, language, created_at desc, id desc);
create index submissions_by_creator on submissions (created_by, created_at desc, id desc);

-- PostgreSQL can't look into a result that holds \u0000, so what jobs are found by stands beside it.
alter table jobs
  add column verdict text,
  add column score double precision,
  add constraint only_results_have_verdicts
    check (state = 'completed' or (verdict is null and score is null));

alter table jobs disable trigger jobs_keep_settled;
update jobs
set verdict = substring(result::text from '^\{"kind":"judge","verdict":"([A-Z]{2,3})"'),
  score = substring(result::text from '^\{"kind":"judge","verdict":"[A-Z]{2,3}","fault":(?:null|"[a-z]+"),"score":(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)')::double precision
where kind = 'judge' and state = 'completed';
alter table jobs enable trigger jobs_keep_settled;

create index jobs_by_verdict on jobs (organization_id, verdict, created_at desc) where verdict is not null;

create table rejudgings (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  -- `open` until somebody decides; how far its jobs are is read from them.
  state text not null default 'open' check (state in ('open', 'applied', 'rolled_back', 'discarded')),
  reason text not null check (reason <> ''),
  selection jsonb not null,
  against uuid,
  time_ms int check (time_ms > 0),
  policy jsonb,
  total int not null default 0 check (total >= 0),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (organization_id, id),
  foreign key (organization_id, created_by) references tokens (organization_id, id),
  foreign key (organization_id, against) references problems (organization_id, id)
);

create index rejudgings_latest on rejudgings (organization_id, created_at desc, id desc);

create table rejudging_items (
  rejudging_id uuid not null,
  organization_id uuid not null,
  submission_id uuid not null,
  -- The version that the new job judges with.
  problem_id uuid not null,
  -- What was shown when the plan was made.
  old_job_id uuid not null,
  -- Null only within the transaction that makes the plan.
  new_job_id uuid unique,
  -- Whether applying the plan changed what is shown: that is what rolling back undoes.
  applied boolean not null default false,
  primary key (rejudging_id, submission_id),
  foreign key (organization_id, rejudging_id) references rejudgings (organization_id, id) on delete cascade,
  foreign key (organization_id, submission_id) references submissions (organization_id, id) on delete cascade,
  foreign key (organization_id, problem_id) references problems (organization_id, id),
  foreign key (organization_id, old_job_id) references jobs (organization_id, id) on delete cascade,
  foreign key (organization_id, new_job_id) references jobs (organization_id, id) on delete cascade
);

create index rejudging_items_of_submission on rejudging_items (submission_id);
create index rejudging_items_of_old_job on rejudging_items (old_job_id);

-- Who did what, when and why. Rows are only added.
create table rejudging_audit (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  rejudging_id uuid not null,
  action text not null check (action in ('create', 'apply', 'discard', 'roll_back')),
  token_id uuid not null,
  reason text not null check (reason <> ''),
  -- Whose shown result changed with it.
  submissions int not null default 0 check (submissions >= 0),
  at timestamptz not null default now(),
  foreign key (organization_id, rejudging_id) references rejudgings (organization_id, id) on delete cascade,
  foreign key (organization_id, token_id) references tokens (organization_id, id)
);

create index rejudging_audit_of_plan on rejudging_audit (rejudging_id, at, id);

create function keep_rejudging_audit() returns trigger language plpgsql as $body$
begin
  raise exception 'the audit of rejudgings never changes' using errcode = 'restrict_violation';
end
$body$;

create trigger rejudging_audit_keep before update on rejudging_audit
  for each row execute function keep_rejudging_audit();

-- Plans with the state that is shown: an open one is told by its jobs.
create view rejudgings_shown as
select plan.*, tokens.name as created_by_name,
  case
    when plan.state <> 'open' then plan.state
    when not exists (
      select from rejudging_items as item join jobs on jobs.id = item.new_job_id
      where item.rejudging_id = plan.id and jobs.state in ('queued', 'leased', 'running')
    ) then 'ready'
    when exists (
      select from rejudging_items as item join jobs on jobs.id = item.new_job_id
      where item.rejudging_id = plan.id and jobs.attempt > 0
    ) then 'judging'
    else 'pending'
  end as shown_state
from rejudgings as plan join tokens on tokens.id = plan.created_by;

-- Old results beside new ones. Scores count where both have one; otherwise being accepted does.
create view rejudging_comparison as
select item.rejudging_id, item.organization_id, item.submission_id, item.problem_id,
  submissions.created_at, submissions.created_by, submissions.language,
  old.id as old_job_id, old.state as old_state, old.verdict as old_verdict, old.score as old_score,
  new.id as new_job_id, new.state as new_state, new.verdict as new_verdict, new.score as new_score,
  new.score - old.score as score_difference,
  submissions.job_id <> case
    when plan.state = 'applied' and item.applied then item.new_job_id
    else item.old_job_id
  end as stale,
  case
    when new.state in ('queued', 'leased', 'running') then 'pending'
    when new.state <> 'completed' or old.state = 'cancelled' then 'unjudged'
    when new.score > old.score then 'up'
    when new.score < old.score then 'down'
    when new.score = old.score and new.verdict is not distinct from old.verdict then 'same'
    when new.score = old.score then 'other'
    when new.verdict = 'AC' and old.verdict is distinct from 'AC' then 'up'
    when old.verdict = 'AC' and new.verdict is distinct from 'AC' then 'down'
    when new.verdict is not distinct from old.verdict then 'same'
    else 'other'
  end as change
from rejudging_items as item
join rejudgings as plan on plan.id = item.rejudging_id
join submissions on submissions.id = item.submission_id
join jobs as old on old.id = item.old_job_id
join jobs as new on new.id = item.new_job_id;
