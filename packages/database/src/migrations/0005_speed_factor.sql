-- How fast a runner's machine is beside the reference machine; null = not measured.
alter table runners add column speed_factor double precision check (speed_factor > 0);
