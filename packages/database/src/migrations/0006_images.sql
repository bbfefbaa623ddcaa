-- Images that organizations publish for their runners, and which images results name.

-- Apart from the blobs of packages: what is uploaded here is needed only by images, and goes with them.
create table image_blobs (
  organization_id uuid not null references organizations on delete cascade,
  digest digest not null,
  size bigint not null check (size >= 0),
  -- Again at each upload: what no image came to need within a day is taken for given up.
  uploaded_at timestamptz not null default now(),
  primary key (organization_id, digest)
);

-- Whether any organization still needs some bytes.
create index image_blobs_by_digest on image_blobs (digest);

create table images (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references organizations on delete cascade,
  name text not null check (name <> ''),
  -- Of the tree.
  digest digest not null,
  -- The blobs: {manifest, config, layers}, each with its size.
  parts jsonb not null,
  recipe digest,
  architecture text not null,
  size_bytes bigint not null check (size_bytes >= 0),
  -- [{id, version}]
  languages jsonb not null,
  -- Again at each publication: the newest of a name is the one that runners fetch.
  published_at timestamptz not null default clock_timestamp(),
  published_by uuid not null,
  unique (organization_id, digest),
  unique (organization_id, id),
  foreign key (organization_id, published_by) references tokens (organization_id, id)
);

create index images_latest on images (organization_id, published_at desc, id desc);

create table image_parts (
  organization_id uuid not null,
  image_id uuid not null,
  digest digest not null,
  primary key (image_id, digest),
  foreign key (organization_id, image_id) references images (organization_id, id) on delete cascade,
  -- No cascade: a blob can't go while an image needs it.
  foreign key (organization_id, digest) references image_blobs (organization_id, digest)
);

create index image_parts_of_blob on image_parts (organization_id, digest);

-- Bytes that nobody needed when they were looked at last; they go after a while, when that is still so.
create table unneeded_blobs (
  digest digest primary key,
  since timestamptz not null default now()
);

-- The image that a result names. It stands beside the result, because PostgreSQL can't look into one
-- that holds \u0000. Quotes within a string of JSON are escaped, so no program's output passes for it.
alter table jobs
  add column image digest,
  add constraint only_results_have_images check (state = 'completed' or image is null);

alter table jobs disable trigger jobs_keep_settled;
update jobs
set image = substring(result::text from '"provenance":\{"image":\{"name":"[^"\\]*","digest":"([0-9a-f]{64})"')
where state = 'completed';
alter table jobs enable trigger jobs_keep_settled;

create index jobs_by_image on jobs (organization_id, image, finished_at desc) where image is not null;
