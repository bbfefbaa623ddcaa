-- What the images of an organization take on the server's disk is counted, and limited.

-- Room for uploads under way. One that its server could not end counts until it is too old.
create table image_uploads (
  id uuid primary key,
  organization_id uuid not null references organizations on delete cascade,
  bytes bigint not null check (bytes >= 0),
  -- Again whenever it takes more.
  reserved_at timestamptz not null default now()
);

create index image_uploads_by_organization on image_uploads (organization_id);

-- Given-up bytes count for whoever gave them up until they are gone. What was given up before this counts
-- for nobody. No reference: the bytes outlive their organization.
alter table unneeded_blobs
  add column organization_id uuid not null default '00000000-0000-0000-0000-000000000000',
  add column size bigint not null default 0 check (size >= 0),
  drop constraint unneeded_blobs_pkey,
  add primary key (digest, organization_id);
alter table unneeded_blobs alter column organization_id drop default, alter column size drop default;

create index unneeded_blobs_by_organization on unneeded_blobs (organization_id);
