-- name: findProblem
-- By id, or what was uploaded last under a short name.
select id, short_name as "shortName", name, format_version as "formatVersion",
  package_digest as "packageDigest", manifest, limits, summary, created_at as "createdAt"
from problems
where organization_id = :organizationId and (id = :id::uuid or short_name = :shortName)
order by (id = :id::uuid) desc nulls last, uploaded_at desc, id desc
limit 1

-- name: findPackage
select id, short_name as "shortName", name, format_version as "formatVersion",
  package_digest as "packageDigest", manifest, limits, summary, created_at as "createdAt"
from problems
where organization_id = :organizationId and short_name = :shortName and package_digest = :packageDigest

-- name: listProblems
select * from (
  select distinct on (short_name) id, short_name as "shortName", name, format_version as "formatVersion",
    package_digest as "packageDigest", manifest, limits, summary, created_at as "createdAt",
    uploaded_at, uploaded_at::text as position
  from problems
  where organization_id = :organizationId
  order by short_name, uploaded_at desc, id desc
) as newest
where (uploaded_at, id) < (:beforeTime::timestamptz, :beforeId::uuid)
order by uploaded_at desc, id desc
limit :limit

-- name: insertProblem
insert into problems (
  organization_id, short_name, name, package_digest, manifest, format_version, limits, summary, created_by
) values (
  :organizationId, :shortName, :name, :packageDigest, :manifest, :formatVersion, :limits, :summary, :createdBy
)
on conflict (organization_id, short_name, package_digest) do update set uploaded_at = clock_timestamp()
-- A row that was only updated has an older version.
returning id, xmax = 0 as created

-- name: rememberBlobs
insert into blobs (organization_id, digest, size)
select distinct :organizationId::uuid, blob.digest, blob.size
from unnest(:digests::text[], :sizes::bigint[]) as blob (digest, size)
order by 2
on conflict do nothing
