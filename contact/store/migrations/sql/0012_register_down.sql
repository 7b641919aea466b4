-- Back to revision 0011.
DROP FUNCTION match_certificates(uuid, text[], text[], text[], text[], text[], text[]), serial_elsewhere(text, text, uuid),
  certificate_to_renew(text, text, date);
DROP TABLE licensing_letters, licensing_reviews, certificate_notices, certificate_history, firearms, certificates;
