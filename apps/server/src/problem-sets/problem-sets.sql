-- name: findProblemSet
-- By id or name, with its problems in their order.
select sets.id, sets.name, sets.title, sets.policy, sets.created_at as "createdAt", sets.updated_at as "updatedAt",
  coalesce(
    (
      select jsonb_agg(jsonb_build_object('shortName', short_name, 'label', label) order by place)
      from problem_set_entries as entries where entries.problem_set_id = sets.id
    ),
    '[]'
  ) as problems
from problem_sets as sets
where sets.organization_id = :organizationId and (sets.id = :id::uuid or sets.name = :name)
order by (sets.id = :id::uuid) desc nulls last
limit 1

-- name: listProblemSets
select sets.id, sets.name, sets.title, sets.policy, sets.created_at as "createdAt", sets.updated_at as "updatedAt",
  sets.created_at::text as position,
  coalesce(
    (
      select jsonb_agg(jsonb_build_object('shortName', short_name, 'label', label) order by place)
      from problem_set_entries as entries where entries.problem_set_id = sets.id
    ),
    '[]'
  ) as problems
from problem_sets as sets
where sets.organization_id = :organizationId
  and (sets.created_at, sets.id) < (:beforeTime::timestamptz, :beforeId::uuid)
order by sets.created_at desc, sets.id desc
limit :limit

-- name: insertProblemSet
-- No row: the name is taken.
insert into problem_sets (organization_id, name, title, policy, created_by)
values (:organizationId, :name, :title, :policy, :createdBy)
on conflict (organization_id, name) do nothing
returning id

-- name: updateProblemSet
-- No row: another set has the name.
update problem_sets set name = :name, title = :title, policy = :policy, updated_at = now()
where id = :id and organization_id = :organizationId
  and not exists (
    select from problem_sets as other
    where other.organization_id = :organizationId and other.name = :name and other.id <> :id
  )
returning id

-- name: clearEntries
delete from problem_set_entries where problem_set_id = :id

-- name: insertEntries
insert into problem_set_entries (problem_set_id, place, short_name, label)
select :id, entry.place, entry.short_name, entry.label
from unnest(:shortNames::text[], :labels::text[]) with ordinality as entry (short_name, label, place)

-- name: deleteProblemSet
-- No row: submissions name it.
delete from problem_sets
where id = :id and organization_id = :organizationId
  and not exists (select from submissions where problem_set_id = :id)
returning id

-- name: shortNamesOf
-- For each id or short name, in their order, the short name that it stands for; null when there is none.
select (
  select problems.short_name from problems
  where problems.organization_id = :organizationId
    and (
      problems.short_name = asked.name
      or problems.id = case
        when asked.name ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then asked.name::uuid
      end
    )
  limit 1
) as "shortName"
from unnest(:names::text[]) with ordinality as asked (name, n)
order by asked.n
