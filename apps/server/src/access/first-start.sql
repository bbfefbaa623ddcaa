-- name: lock
select pg_advisory_xact_lock(4702111310)

-- name: anyOrganization
select id from organizations limit 1

-- name: insertOrganization
insert into organizations (name) values (:name) returning id
