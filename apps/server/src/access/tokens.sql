-- name: findToken
with found as (
  select id, organization_id, role, secret_sha256, last_used_at
  from tokens where secret_sha256 = :hash and revoked_at is null
), used as (
  update tokens set last_used_at = now() from found
  where tokens.id = found.id and coalesce(found.last_used_at, '-infinity') < now() - interval '1 minute'
)
select id as "tokenId", organization_id as "organizationId", role, secret_sha256 as "hash" from found

-- name: insertToken
insert into tokens (organization_id, name, role, secret_sha256)
values (:organizationId, :name, :role, :hash)
returning id, name, role, created_at as "createdAt", revoked_at as "revokedAt"

-- name: listTokens
select id, name, role, created_at as "createdAt", revoked_at as "revokedAt"
from tokens where organization_id = :organizationId
order by created_at, id

-- name: revokeToken
update tokens set revoked_at = coalesce(revoked_at, now())
where id = :id and organization_id = :organizationId
