-- name: findProblem
-- By id, or what was uploaded last under a short name.
select problems.id, short_name as "shortName", name, format_version as "formatVersion",
  package_digest as "packageDigest", manifest, limits, summary, problems.created_at as "createdAt",
  verification, verification_job as "verificationJob", verification_result as "verificationResult",
  verified_at as "verifiedAt", measured_time_ms as "measuredTimeMs",
  jobs.state as "jobState", jobs.failure as "jobFailure"
from problems
left join jobs on jobs.id = problems.verification_job and jobs.organization_id = problems.organization_id
where problems.organization_id = :organizationId and (problems.id = :id::uuid or short_name = :shortName)
order by (problems.id = :id::uuid) desc nulls last, uploaded_at desc, problems.id desc
limit 1

-- name: findPackage
select problems.id, short_name as "shortName", name, format_version as "formatVersion",
  package_digest as "packageDigest", manifest, limits, summary, problems.created_at as "createdAt",
  verification, verification_job as "verificationJob", verification_result as "verificationResult",
  verified_at as "verifiedAt", measured_time_ms as "measuredTimeMs",
  jobs.state as "jobState", jobs.failure as "jobFailure"
from problems
left join jobs on jobs.id = problems.verification_job and jobs.organization_id = problems.organization_id
where problems.organization_id = :organizationId and short_name = :shortName and package_digest = :packageDigest

-- name: listProblems
-- Without what verifications found: that is read one problem at a time.
select newest.*, jobs.state as "jobState", jobs.failure as "jobFailure" from (
  select distinct on (short_name) id, short_name as "shortName", name, format_version as "formatVersion",
    package_digest as "packageDigest", manifest, limits, summary, created_at as "createdAt",
    verification, verification_job as "verificationJob", null as "verificationResult",
    verified_at as "verifiedAt", measured_time_ms as "measuredTimeMs",
    organization_id, uploaded_at, uploaded_at::text as position
  from problems
  where organization_id = :organizationId
  order by short_name, uploaded_at desc, id desc
) as newest
left join jobs on jobs.id = newest."verificationJob" and jobs.organization_id = newest.organization_id
where (uploaded_at, newest.id) < (:beforeTime::timestamptz, :beforeId::uuid)
order by uploaded_at desc, newest.id desc
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

-- name: startVerification
-- Only where there is none under way or done: who uploads the same at the same time starts one together.
update problems set verification = 'pending', verification_job = :jobId
where id = :problemId and organization_id = :organizationId

-- name: storeVerification
-- No row: the package was verified anew by another job meanwhile, or the job is of an older upload.
update problems set
  verification = case when :accepted::boolean then 'accepted' else 'refused' end,
  verification_result = :result::jsonb,
  verified_at = now(),
  measured_time_ms = :measuredTimeMs::int
where verification_job = :jobId and organization_id = :organizationId and verification = 'pending'

-- name: lockVerification
select verification, jobs.state as "jobState"
from problems
left join jobs on jobs.id = problems.verification_job and jobs.organization_id = problems.organization_id
where problems.id = :problemId and problems.organization_id = :organizationId
for update of problems
