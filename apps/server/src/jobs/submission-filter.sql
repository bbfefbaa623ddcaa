-- name: versionsOf
-- The problems that ids and short names stand for: a short name for all of its versions.
select asked.name as asked, problems.id
from unnest(:names::text[]) as asked (name)
join problems on problems.short_name = asked.name
where problems.organization_id = :organizationId
union
select asked.name, problems.id
from unnest(:names::text[]) as asked (name)
join problems on problems.id = case
  when asked.name ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then asked.name::uuid
end
where problems.organization_id = :organizationId
