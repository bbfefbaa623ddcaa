-- name: lockStorage
-- Reservations of one organization come one after another; keys to its row may be checked meanwhile.
select id from organizations where id = :organizationId for no key update

-- name: usedBytes
select (
  (
    select coalesce(sum(greatest(size, :leastBytes)), 0) from image_blobs
    where organization_id = :organizationId
  ) + (
    select coalesce(sum(greatest(size, :leastBytes)), 0) from unneeded_blobs
    where organization_id = :organizationId and not exists (
      select from image_blobs
      where image_blobs.organization_id = unneeded_blobs.organization_id
        and image_blobs.digest = unneeded_blobs.digest
    )
  ) + (
    select coalesce(sum(bytes), 0) from image_uploads where organization_id = :organizationId
  )
)::float8 as "usedBytes"

-- name: reserve
insert into image_uploads (id, organization_id, bytes) values (:id, :organizationId, :bytes)
on conflict (id) do update set bytes = image_uploads.bytes + excluded.bytes, reserved_at = now()

-- name: release
delete from image_uploads where id = :id

-- name: releaseAbandoned
-- Longer than any upload may take: their server died.
delete from image_uploads
where organization_id = :organizationId and reserved_at < now() - interval '15 minutes'
