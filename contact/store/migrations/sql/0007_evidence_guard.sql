-- What no policy can say, since it sees one side of a change alone: the web takes a file in and never declares one examined;
-- what has arrived stays arrived; a citizen marks nothing; an agent marks and changes nothing else; nobody unseals (practice 6).
CREATE FUNCTION guard_evidence() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF current_user = 'contact_web'
       AND (NEW.state <> 'receiving' OR NEW.scan <> 'pending' OR NEW.received_size <> 0 OR NEW.original <> 'kept'
            OR num_nonnulls(NEW.sha256, NEW.also, NEW.refused, NEW.completed_at, NEW.marked_safe_at, NEW.marked_by,
                            NEW.sealed_reason, NEW.preview_key, NEW.preview_size) > 0) THEN
      RAISE insufficient_privilege USING MESSAGE = 'a file begins empty';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.sealed_reason IS NOT NULL AND NEW.sealed_reason IS DISTINCT FROM OLD.sealed_reason THEN
    RAISE insufficient_privilege USING MESSAGE = 'a sealed file stays sealed';
  END IF;
  IF current_user <> 'contact_web' THEN RETURN NEW; END IF;
  IF actor_kind() = 'agent' THEN
    IF (NEW.draft_id, NEW.contact_id, NEW.declared_size, NEW.received_size, NEW.kind, NEW.state, NEW.refused,
        NEW.original, NEW.completed_at)
       IS DISTINCT FROM (OLD.draft_id, OLD.contact_id, OLD.declared_size, OLD.received_size, OLD.kind, OLD.state,
                         OLD.refused, OLD.original, OLD.completed_at) THEN
      RAISE insufficient_privilege USING MESSAGE = 'an agent marks a file and changes nothing else of it';
    END IF;
  ELSIF (NEW.marked_safe_at, NEW.marked_by, NEW.sealed_reason, NEW.preview_key, NEW.preview_size)
        IS DISTINCT FROM (OLD.marked_safe_at, OLD.marked_by, OLD.sealed_reason, OLD.preview_key, OLD.preview_size) THEN
    RAISE insufficient_privilege USING MESSAGE = 'who sent a file does not mark it';
  ELSIF OLD.state <> 'receiving'
        AND (NEW.state, NEW.received_size, NEW.declared_size, NEW.kind, NEW.refused, NEW.completed_at)
            IS DISTINCT FROM (OLD.state, OLD.received_size, OLD.declared_size, OLD.kind, OLD.refused, OLD.completed_at) THEN
    RAISE insufficient_privilege USING MESSAGE = 'what has arrived is the worker''s to move on';
  ELSIF NEW.state NOT IN ('receiving', 'received', 'refused') AND NEW.state <> OLD.state THEN
    RAISE insufficient_privilege USING MESSAGE = 'the web examines nothing';
  ELSIF OLD.contact_id IS NOT NULL AND NEW.contact_id IS DISTINCT FROM OLD.contact_id THEN
    RAISE insufficient_privilege USING MESSAGE = 'a file stays with its contact';
  END IF;
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION guard_evidence() FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON evidence FOR EACH ROW EXECUTE FUNCTION guard_evidence();
