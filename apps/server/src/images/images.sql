-- name: missingBlobs
select asked.digest
from unnest(:digests::text[]) as asked (digest)
where not exists (
  select from image_blobs where organization_id = :organizationId and image_blobs.digest = asked.digest
)

-- name: rememberBlob
insert into image_blobs (organization_id, digest, size) values (:organizationId, :digest, :size)
on conflict (organization_id, digest) do update set uploaded_at = now()

-- name: lockBlobs
-- They stay until the end of the transaction, which makes an image need them.
select digest, size::float8 as size from image_blobs
where organization_id = :organizationId and digest = any (:digests::text[])
order by digest
for key share

-- name: publishImage
-- No row: the same tree is published under another name.
insert into images (
  organization_id, name, digest, parts, recipe, architecture, size_bytes, languages, published_by
) values (
  :organizationId, :name, :digest, :parts, :recipe, :architecture, :sizeBytes, :languages, :publishedBy
)
on conflict (organization_id, digest) do update set
  parts = excluded.parts, recipe = excluded.recipe, architecture = excluded.architecture,
  size_bytes = excluded.size_bytes, languages = excluded.languages,
  published_at = clock_timestamp(), published_by = excluded.published_by
where images.name = excluded.name
-- A row that was only updated has an older version.
returning id, xmax = 0 as created

-- name: forgetParts
delete from image_parts where image_id = :imageId and organization_id = :organizationId

-- name: needParts
insert into image_parts (organization_id, image_id, digest)
select distinct :organizationId::uuid, :imageId::uuid, part.digest
from unnest(:digests::text[]) as part (digest)

-- name: listImages
select name, digest, parts, recipe, architecture, size_bytes::float8 as "sizeBytes", languages,
  published_at as "publishedAt"
from images where organization_id = :organizationId
order by published_at desc, id desc

-- name: findImage
select name, digest, parts, recipe, architecture, size_bytes::float8 as "sizeBytes", languages,
  published_at as "publishedAt"
from images where organization_id = :organizationId and digest = :digest

-- name: findPart
select image_parts.digest
from images join image_parts on image_parts.image_id = images.id
where images.organization_id = :organizationId and images.digest = :image and image_parts.digest = :blob

-- name: deleteImage
delete from images where organization_id = :organizationId and digest = :digest returning id

-- name: givenUpBlobs
-- Locked, so that who publishes an image with them at this time comes either before or after.
select digest from image_blobs
where organization_id = :organizationId
  and (digest = any (:digests::text[]) or uploaded_at < now() - interval '1 day')
  and not exists (
    select from image_parts
    where image_parts.organization_id = image_blobs.organization_id and image_parts.digest = image_blobs.digest
  )
order by digest
for update

-- name: forgetBlobs
-- A statement of its own: it sees what was published while the rows were waited for.
with gone as (
  delete from image_blobs
  where organization_id = :organizationId and digest = any (:digests::text[])
    and not exists (
      select from image_parts
      where image_parts.organization_id = image_blobs.organization_id
        and image_parts.digest = image_blobs.digest
    )
  returning digest, size
)
insert into unneeded_blobs (digest, organization_id, size)
select digest, :organizationId, size from gone order by digest
on conflict (digest, organization_id) do update set since = now(), size = excluded.size

-- name: unneededBlobs
-- From when the last organization gave them up.
select digest from unneeded_blobs
group by digest
having max(since) <= now() - make_interval(secs => :graceSeconds)
order by max(since)
limit 1000

-- name: needsBlob
-- Whether any organization needs these bytes, for an image or for a package.
select exists (select from image_blobs where digest = :digest)
  or exists (select from blobs where digest = :digest) as needed

-- name: forgetUnneeded
delete from unneeded_blobs where digest = :digest

-- name: imagesOfResults
-- From one image to the next through the index: there are few images and many results.
with recursive used as (
  (
    select image from jobs
    where organization_id = :organizationId and image is not null
    order by image limit 1
  )
  union all
  select (
    select image from jobs
    where organization_id = :organizationId and image > used.image
    order by image limit 1
  )
  from used where used.image is not null
)
select used.image as digest
from used
where used.image is not null and exists (
  select from jobs
  where organization_id = :organizationId and jobs.image = used.image
    and finished_at > now() - make_interval(days => :retentionDays)
)

-- name: unsettledQueues
select distinct queue from jobs
where organization_id = :organizationId and state in ('queued', 'leased', 'running')

-- name: imagesOfUnsettled
-- Images that runs name instead of their language's own. Within a payload's text the quotes of a program
-- are escaped, so that this is a field and nothing that somebody wrote.
select distinct substring(payload::text from '"image":"([a-z0-9.-]+)"') as image from jobs
where organization_id = :organizationId and kind = 'run' and state in ('queued', 'leased', 'running')
  and payload::text ~ '"image":"[a-z0-9.-]+"'
