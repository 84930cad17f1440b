"""What SQL text may hold: refusals name file, rule and word; nothing a declaration needs is refused."""

import pytest

from tocsin.engines.kernel import check, check_predicate
from tocsin.vocabulary.errors import BadDeclaration

WHERE = "measures/cpm_9.py counted"
JOURNEYS = (("srv", "VARCHAR"), ("span_us", "BIGINT"), ("began_at", "BIGINT"), ("is_final", "BOOLEAN"))
RELATIONS = {"journeys": JOURNEYS, "targets": (("srv", "VARCHAR"), ("target_us", "BIGINT"))}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT srv, count(*) AS n, whole_sum(span_us) FILTER (WHERE is_final) FROM journeys GROUP BY srv HAVING count(*) > 1 ORDER BY n",
        "SELECT j.*, t.target_us FROM journeys AS j LEFT JOIN targets AS t ON t.srv = j.srv AND j.began_at BETWEEN :start_at AND :end_at",
        """WITH seen(srv, n) AS (SELECT srv, count_where(is_final IS NOT TRUE) FROM journeys GROUP BY srv)
           SELECT srv, n FROM seen UNION ALL SELECT 'all', whole_sum(n) FROM seen""",
        """SELECT * FROM (SELECT srv, earliest(span_us, began_at, is_final AND srv IN ('1', '2')) AS first_us,
                                 row_number() OVER (ORDER BY srv) AS place FROM journeys GROUP BY srv) AS q
            WHERE EXISTS (SELECT 1 FROM targets WHERE targets.srv = q.srv AND target_us >= first_us)""",
        """SELECT CASE WHEN span_us % 2 = 0 THEN CAST(span_us AS VARCHAR) || srv ELSE coalesce(srv, nullif(srv, '')) END AS x,
                  lag(span_us, 1) OVER (PARTITION BY srv ORDER BY began_at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS y,
                  least_of(-span_us, abs(began_at)), day_of(began_at), whole_div(span_us, 100000), CAST(NULL AS BOOLEAN),
                  srv IS DISTINCT FROM 'x' FROM journeys WHERE srv NOT IN (SELECT srv FROM targets) -- a comment""",
        "SELECT v.k FROM (VALUES (1, 'x'), (2, 'y')) AS v(k, w) CROSS JOIN journeys",
        "SELECT whole_sum(span_us) OVER (ORDER BY began_at ROWS UNBOUNDED PRECEDING) AS s FROM journeys ORDER BY s LIMIT 5",
        "SELECT srv AS s, count(DISTINCT span_us) AS n FROM journeys GROUP BY s ORDER BY s",
    ],
)
def test_what_declarations_need_is_allowed(sql: str) -> None:
    check(sql, RELATIONS, WHERE)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT whole_sum(span_us) / count(*) FROM journeys", "whole_div"),
        ("SELECT span_us // 2 FROM journeys", "whole_div"),
        ("SELECT span_us div 2 FROM journeys", "whole_div"),
        ("SELECT sum(span_us) FROM journeys", "whole_sum"),
        ("SELECT avg(span_us) FROM journeys", '"avg"'),
        ("SELECT 0.5 FROM journeys", '"0.5"'),
        ("SELECT 1e3 FROM journeys", '"1e3"'),
        ("SELECT CAST(span_us AS DOUBLE) FROM journeys", '"DOUBLE"'),
        ("SELECT CAST(span_us AS VARCHAR(3)) FROM journeys", "without a length"),
        ("SELECT TRY_CAST(srv AS BIGINT) FROM journeys", "TRY_CAST"),
        ("SELECT now() FROM journeys", ":as_at"),
        ("SELECT CURRENT_TIMESTAMP", ":as_at"),
        ("SELECT CURRENT_DATE", ":as_at"),
        ("SELECT date_trunc('month', began_at) FROM journeys", "day_of"),
        ("SELECT extract(year FROM began_at) FROM journeys", "day_of"),
        ("SELECT began_at + INTERVAL 1 DAY FROM journeys", "microseconds"),
        ("SELECT quantile_disc(span_us, 1) FROM journeys", "by place"),
        ("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY span_us) FROM journeys", "by place"),
        ("SELECT median(span_us) FROM journeys", "by place"),
        ("SELECT concat(srv, srv) FROM journeys", r"a \|\| b"),
        ("SELECT ifnull(srv, 'x') FROM journeys", "ifnull"),
        ("SELECT if(is_final, 1, 2) FROM journeys", '"if"'),
        ("SELECT left(srv, 1) FROM journeys", "LEFT"),
        ("SELECT srv LIKE 'x%' FROM journeys", "starts_with"),
        ("SELECT 'it''s' FROM journeys", "quote or backslash"),
        (r"SELECT 'a\n' FROM journeys", "quote or backslash"),
        ('SELECT "srv" FROM journeys', "without quotes"),
        ("SELECT srv FROM journeys LIMIT 3", "ORDER BY"),
        ("SELECT DISTINCT ON (srv) span_us FROM journeys", "row_number"),
        ("SELECT srv FROM journeys GROUP BY ALL", "each column"),
        ("SELECT srv FROM journeys QUALIFY row_number() OVER (ORDER BY srv) = 1", "QUALIFY"),
        ("SELECT count(*) FILTER (WHERE is_final) OVER () FROM journeys", "FILTER together with OVER"),
        ("SELECT earliest(srv, began_at, is_final) FILTER (WHERE is_final) FROM journeys", "takes no FILTER"),
        ("SELECT day_of(began_at) OVER () FROM journeys", "takes no OVER"),
        ("SELECT earliest(srv, began_at) FROM journeys", "expected 3: value, at, condition"),
        ("SELECT srv FROM journeys SEMI JOIN targets USING (srv)", "joins are"),
        ("SELECT srv FROM journeys NATURAL JOIN targets", "joins are"),
        ("SELECT srv FROM journeys WHERE (srv, span_us) IN (SELECT srv, target_us FROM targets)", "column by column"),
        ("SELECT span_us AS x FROM journeys WHERE x > 1", "CTE"),
        ("SELECT span_us AS x, x + 1 AS y FROM journeys", "CTE"),
        ("SELECT random() FROM journeys", "random"),
        ("SELECT srv FROM read_parquet('x')", "read_parquet"),
        ("SELECT srv FROM nowhere", r'"nowhere" is not declared \(known: journeys, targets\)'),
        ("SELECT srv FROM journeys WHERE span_us > (SELECT max(x) FROM nowhere)", '"nowhere" is not declared'),
        ("SELECT colour FROM journeys", "colour"),
        ("SELECT t.span_us FROM journeys AS j JOIN targets AS t ON t.srv = j.srv", "span_us"),
        ("WITH seen AS (SELECT srv FROM journeys) SELECT span_us FROM seen", "span_us"),
        ("SELECT srv FROM journeys JOIN targets ON journeys.srv = targets.srv", "or in several"),
        ("SELECT srv FROM journeys WHERE srv = ?", ":as_at"),
        ("SELECT srv FROM journeys WHERE began_at < :until", ":until is not a parameter"),
        ("SELECT srv FROM", "not understood"),
        ("SELECT 1; SELECT 2", "one SELECT"),
        ("DROP TABLE journeys", "one SELECT"),
        ("CREATE TABLE x AS SELECT 1", "one SELECT"),
        ("INSERT INTO journeys SELECT * FROM journeys", "one SELECT"),
        ("", "one SELECT"),
    ],
)
def test_what_engines_read_differently_is_refused_by_name(sql: str, said: str) -> None:
    with pytest.raises(BadDeclaration, match=said) as refused:
        check(sql, RELATIONS, WHERE, ("start_at", "end_at", "as_at"))
    assert str(refused.value).startswith(WHERE)


@pytest.mark.parametrize(
    "predicate",
    ["span_us <= 30000000", "srv IN ('1.1', '8.14.2') AND NOT is_final", "TRUE", "coalesce(is_final, FALSE)", "starts_with(srv, '8.')"],
)
def test_a_predicate_about_one_row_is_allowed(predicate: str) -> None:
    check_predicate(predicate, JOURNEYS, WHERE)


@pytest.mark.parametrize(
    ("predicate", "said"),
    [
        ("colour = 1", "colour"),
        ("span_us <= 0.5", '"0.5"'),
        ("span_us / 2 > 1", "whole_div"),
        ("began_at < now()", ":as_at"),
        ("count(*) > 1", "one row"),
        ("earliest(srv, began_at, is_final) = '1'", "one row"),
        ("whole_sum(span_us) > 1", "one row"),
        ("row_number() OVER () = 1", "one row"),
        ("span_us = (SELECT 1)", "one row"),
        ("srv IN (SELECT srv FROM journeys)", "one row"),
        ("began_at < :end_at", ":end_at is not a parameter"),
        ("is_final) OR (is_final", "not a predicate"),
        ("is_final; DROP TABLE journeys", "not a predicate"),
        ("is_final -- always", "comment"),
        ("", "not a predicate"),
    ],
)
def test_a_predicate_that_is_more_or_other_is_refused_by_name(predicate: str, said: str) -> None:
    with pytest.raises(BadDeclaration, match=said) as refused:
        check_predicate(predicate, JOURNEYS, WHERE)
    assert str(refused.value).startswith(WHERE)
