-- What a force says of itself on its privacy notice and its accessibility statement (practice 23): names and dates that
-- no program can know. Anybody may read it, live or not: a page that is a demonstration shows it too, and says so.
ALTER TABLE force_go_live ADD COLUMN page_facts JSONB DEFAULT '{}' NOT NULL;

CREATE FUNCTION page_facts(p_force text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.page_facts FROM force_go_live g WHERE g.force_id = p_force $$;

REVOKE ALL ON FUNCTION page_facts(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION page_facts(text) TO contact_web, contact_worker;
