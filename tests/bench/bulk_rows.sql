-- %(n)s cases with all that the pages read of them, made by arithmetic: the same at every run.
-- Statements are separated by a line of their own with "--;".
CREATE UNLOGGED TABLE made AS
SELECT
    i,
    h,
    i AS order_id,
    CASE WHEN i %% 50 = 0 THEN NULL ELSE 1 + (i::bigint * 7919) %% greatest(1, %(n)s * 6 / 10) END AS customer_id,
    CASE WHEN i %% 10 < 6 THEN 1 WHEN i %% 10 < 9 THEN 2 ELSE 3 END AS shop_id,
    CASE WHEN h < 50 THEN 'submitted' WHEN h < 70 THEN 'waiting_on_shopper' WHEN h < 80 THEN 'in_appraisal'
        WHEN h < 90 THEN 'offered' WHEN h < 120 THEN 'awaiting_approval' WHEN h < 150 THEN 'authorised'
        WHEN h < 170 THEN 'in_transit' WHEN h < 180 THEN 'received' WHEN h < 190 THEN 'inspected'
        WHEN h < 200 THEN 'settling' WHEN h < 260 THEN 'resolved' WHEN h < 290 THEN 'rejected'
        WHEN h < 320 THEN 'cancelled' WHEN h < 340 THEN 'expired' ELSE 'closed' END AS status,
    CASE WHEN i %% 10 < 6 THEN 'en' WHEN i %% 100 < 98 THEN 'zh-hans' ELSE 'zh-hant' END AS language,
    now() - CASE WHEN h < 200 THEN g %% 30 ELSE 30 + g %% 1000 END * interval '1 day' - (g %% 86400) * interval '1 second'
        AS opened_at,
    CASE WHEN h < 340 THEN now() + (g %% 1200000 - 200000) * interval '1 second' END AS due_at,
    20 + g %% 200 AS price
FROM (
    -- r says how many of a thousand are in which state, at least 35: a page of 25 is full in either database
    SELECT i, g, (hs[b] + (r - rs[b]) * (hs[b + 1] - hs[b]) / (rs[b + 1] - rs[b]))::int AS h FROM (
        SELECT i, g, r, rs, hs, width_bucket(r, rs) AS b FROM (
            SELECT i, (i * 48271::bigint) %% 2147483647 AS g, ((i * 40014::bigint) %% 2147483563 %% 1000)::int AS r,
                ARRAY[0, 50, 85, 120, 155, 190, 225, 260, 295, 330, 365, 425, 460, 495, 530, 1000] AS rs,
                ARRAY[0, 50, 70, 80, 90, 120, 150, 170, 180, 190, 200, 260, 290, 320, 340, 1000] AS hs
            FROM generate_series(1, %(n)s) AS i
        ) AS drawn
    ) AS placed
) AS numbers
--;
INSERT INTO signoff_shop (id, slug, name, currency, country, language, time_zone, email, phone, return_address)
VALUES (1, 'lantern', 'Lantern & Co', 'GBP', 'GB', 'en', 'Europe/London', '', '', ''),
    (2, 'guicheng', '归程家居', 'CNY', 'CN', 'zh-hans', 'Asia/Shanghai', '', '', ''),
    (3, 'harbour', '港灣生活', 'HKD', 'HK', 'zh-hant', 'Asia/Hong_Kong', '', '', '')
--;
INSERT INTO returns_reason (id, shop_id, code, position, title_en, title_zh_hans, title_zh_hant, liability,
    freight_bearer, default_remedy, photos_required, goods_come_back, active)
SELECT (shop - 1) * 8 + p, shop, code, p, en, hans, hant, 'shop', 'shop', 'refund', 0, true, true
FROM generate_series(1, 3) AS shop, (VALUES
    (1, 'defective', 'It does not work', '商品有质量问题', '商品有品質問題'), (2, 'damaged', 'It arrived damaged', '收到时已损坏', '收到時已損壞'),
    (3, 'wrong', 'Not what I ordered', '发错货', '發錯貨'), (4, 'missing', 'Something is missing', '少件', '少件'),
    (5, 'late', 'It came too late', '送货太晚', '送貨太晚'), (6, 'size', 'It does not fit', '尺寸不合适', '尺寸不合適'),
    (7, 'mind', 'I changed my mind', '七天无理由', '七天無理由'), (8, 'other', 'Another reason', '其他', '其他')
) AS titles (p, code, en, hans, hant)
--;
INSERT INTO signoff_customer (id, shop_id, external_id, name, email, phone, address, language)
SELECT i, 1 + i %% 3, 'C' || i,
    CASE WHEN i %% 10 < 5 THEN
        (ARRAY['Ada','Ben','Clara','David','Emma','Frank','Grace','Henry','Isla','Jack','Kate','Liam','Mia','Noah','Olive',
            'Paul','Quinn','Rose','Sam','Tess'])[1 + i / 10 %% 20] || ' ' ||
        (ARRAY['Smith','Jones','Taylor','Brown','Wilson','Evans','Thomas','Roberts','Walker','Wright','Hall','Green','Clark',
            'Hughes','Lewis','Young','King','Baker','Cooper','Ward'])[1 + i / 200 %% 20] || ' ' || to_hex(i)
    ELSE
        substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹', 1 + i / 10 %% 30, 1) ||
        substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文辉', 1 + i / 300 %% 30, 1) ||
        substr('晨曦语桐梓涵浩宇欣怡子轩雨泽一诺佳琪思远嘉豪若汐俊熙诗雅天', 1 + i / 9000 %% 30, 1)
    END,
    'shopper' || i || '@' || (ARRAY['mail.example', 'post.example', 'qq.example'])[1 + i %% 3],
    '+44 7' || lpad((i * 7919::bigint %% 1000000000)::text, 9, '0'), '', CASE WHEN i %% 10 < 5 THEN 'en' ELSE 'zh-hans' END
FROM generate_series(1, greatest(1, %(n)s * 6 / 10)) AS i
--;
INSERT INTO signoff_order (id, shop_id, number, token, customer_id, placed_at, currency, country, prices_include_tax,
    total, source, external_id)
SELECT i, shop_id, 'LT-' || lpad(i::text, 8, '0'), 'o' || lpad(i::text, 15, '0'), customer_id, opened_at - interval '9 days',
    (ARRAY['GBP', 'CNY', 'HKD'])[shop_id], (ARRAY['GB', 'CN', 'HK'])[shop_id], true, price * 2, 'bench',
    'gid-' || 5000000 + i
FROM made
--;
-- Every second order goes to somebody else than who bought.
INSERT INTO signoff_destination (order_id, name, company, street, city, region, postcode, country, phone)
SELECT i,
    CASE WHEN i %% 4 = 0 THEN 'Aunt ' || to_hex(i) ELSE '收货人' ||
        substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹', 1 + i / 10 %% 30, 1) ||
        substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文辉', 1 + i / 300 %% 30, 1) END,
    '', 'Hafenstr. ' || i %% 200, 'Town', '', lpad((i %% 100000)::text, 5, '0'), (ARRAY['GB', 'CN', 'HK'])[shop_id],
    '0' || 1300000000 + i * 15485863::bigint %% 700000000
FROM made WHERE i %% 2 = 0
--;
INSERT INTO signoff_orderline (id, order_id, position, kind, sku, title, category, picture, quantity, unit_price, tax_rate,
    list_total, discount, tax, gross, "returning", returned, refunded)
SELECT i * 2 - 2 + p, i, p, 'goods', 'SKU-' || (i + p) %% 5000,
    CASE WHEN (i + p) %% 2 = 0 THEN
        (ARRAY['Brass lantern','Oak stool','Linen throw','Glass vase','Wool rug','Copper kettle','Desk lamp','Rattan basket',
            'Tea set','Wall clock'])[1 + (i / 2) %% 10] || ' ' || (i + p) %% 5000
    ELSE
        (ARRAY['无线降噪耳机','真丝连衣裙','不锈钢保温杯','智能台灯','纯棉四件套','机械键盘','陶瓷茶具','实木书架','羊绒围巾','空气炸锅'])[1 + (i / 2) %% 10]
            || ' ' || (i + p) %% 5000
    END,
    '', '', 1, price, 0.2, price, 0, round(price / 6.0, 2), price, (h < 200 AND p = 1)::int, (h >= 500 AND p = 1)::int, 0
FROM made, generate_series(1, 2) AS p
WHERE p = 1 OR i %% 2 = 0
--;
INSERT INTO signoff_payment (id, order_id, position, method, reference, captured, refunded)
SELECT i, i, 1, 'card', 'pay_' || i, price * 2, CASE WHEN h BETWEEN 190 AND 259 OR h >= 500 THEN price ELSE 0 END FROM made
--;
INSERT INTO signoff_parcel (id, order_id, token, direction, carrier, tracking_number, shipped_at, delivered_at,
    promised_on)
SELECT i, i, 'p' || lpad(i::text, 15, '0'), 'outbound', (ARRAY['SF', 'SF', 'DHL', 'dhl ', 'UPS'])[1 + h %% 5],
    'SF' || 1000000000 + i, opened_at - interval '8 days', opened_at - interval '4 days',
    (opened_at - interval '2 days' - i %% 4 * interval '1 day')::date
FROM made
--;
-- Four of five are signed for; of those, one in twenty-five tells of something wrong.
INSERT INTO signoff_signoff (id, order_id, parcel_id, outcome, channel, signed_at)
SELECT i, i, i, CASE WHEN i %% 25 = 0 THEN 'partly' ELSE 'accepted' END, 'portal', opened_at - interval '4 days'
FROM made WHERE i %% 5 < 4
--;
INSERT INTO signoff_signoffline (id, sign_off_id, order_line_id, expected, counted)
SELECT i, i, i * 2 - 1, 1, 1 FROM made WHERE i %% 25 = 0
--;
INSERT INTO signoff_discrepancy (id, line_id, kind, quantity)
SELECT i, i, (ARRAY['damaged', 'missing', 'wrong_item', 'defective'])[1 + i / 25 %% 4], 1 FROM made WHERE i %% 25 = 0
--;
INSERT INTO signoff_rating (id, order_id, parcel_id, about, stars, words, given_at)
SELECT i, i, i, 'carrier', 1 + i / 10 %% 5, '', opened_at FROM made WHERE i %% 10 = 0
--;
INSERT INTO returns_case (id, number, shop_id, order_id, customer_id, status, channel, language, value, opened_at,
    status_since, due_at, owner_id, seq, head)
SELECT i, 'R-' || lpad(i::text, 7, '0') || '-' || i %% 10, shop_id, i, customer_id, status, 'portal', language, price,
    opened_at, opened_at + interval '1 hour', due_at,
    CASE WHEN h < 200 AND i %% 8 = 0 THEN (SELECT min(id) FROM auth_user) + CASE WHEN i %% 5 < 3 THEN 0 ELSE i / 8 %% 20 END END, 2, md5(i::text)
FROM made
--;
INSERT INTO returns_line (id, case_id, order_line_id, reason_id, wish, words, units, holds, requested, authorised, shipped,
    received, accepted)
SELECT i, i, i * 2 - 1, (shop_id - 1) * 8 + 1 + CASE WHEN h %% 100 < 60 THEN i %% 3 ELSE i %% 7 END, 'refund', '', '{[1,2)}',
    h < 200, 1, (h >= 120)::int, 0, (h BETWEEN 170 AND 259 OR h >= 340)::int, (h BETWEEN 180 AND 259 OR h >= 340)::int
FROM made
--;
INSERT INTO returns_logentry (id, case_id, seq, at, verb, source, target, by_shopper, reason, facts, history_digest,
    previous, hash, transaction)
SELECT i * 2 - 2 + s, i, s, opened_at + (s - 1) * interval '1 hour', CASE s WHEN 1 THEN 'open' ELSE 'step' END,
    CASE WHEN s = 1 THEN '' WHEN status = 'closed' THEN 'resolved' ELSE 'submitted' END,
    CASE s WHEN 1 THEN 'submitted' ELSE status END, s = 1, '', '{}', '', '', md5(i::text || s), 1
FROM made, generate_series(1, 2) AS s
--;
INSERT INTO returns_statement (id, case_id, seq, topic, words, said_at)
SELECT i, i, 2, 'question', 'Which part of it is broken? 哪里坏了？', opened_at FROM made WHERE i %% 3 = 0
--;
INSERT INTO inspection_receipt (id, case_id, received_at, counted, remarks)
SELECT i, i, opened_at, '{}', '' FROM made WHERE h BETWEEN 170 AND 259 OR h >= 500
--;
INSERT INTO inspection_inspection (id, case_id, started_at, concluded_at)
SELECT i, i, opened_at, opened_at FROM made WHERE h BETWEEN 180 AND 259 OR h >= 500
--;
INSERT INTO inspection_finding (id, inspection_id, line_id, quantity, verdict, disposition, grade, words)
SELECT i, i, i, 1, 'as_claimed', 'restock', 'A', '' FROM made WHERE h BETWEEN 180 AND 259 OR h >= 500
--;
INSERT INTO refunds_approvaltier (id, shop_id, above, approvers) VALUES (1, 1, 0, 1), (2, 2, 0, 1), (3, 3, 0, 1)
--;
INSERT INTO refunds_resolution (id, case_id, kind, goods_come_back, gateway, ways, total, explanation, note, proposed_by_id,
    proposed_at, approved_at)
SELECT i, i, 'plan', true, 'manual', '{}', price, '[]', '', (SELECT min(id) FROM auth_user) + i %% 20, opened_at,
    CASE WHEN h >= 120 THEN opened_at END
FROM made WHERE h BETWEEN 90 AND 259 OR h >= 500
--;
INSERT INTO refunds_item (id, resolution_id, remedy, line_id, quantity, net, tax, gross)
SELECT i, i, 'refund', i, 1, price, 0, price FROM made WHERE h BETWEEN 90 AND 259 OR h >= 500
--;
INSERT INTO refunds_approval (id, resolution_id, answer, by_id, note, at)
SELECT i, i, 'approved', (SELECT min(id) FROM auth_user) + (i + 1) %% 20, '', opened_at
FROM made WHERE h BETWEEN 120 AND 259 OR h >= 500
--;
INSERT INTO refunds_refund (id, case_id, resolution_id, payment_id, token, amount, currency, gateway, status, attempt,
    idempotency_key, provider_reference, failure, due_at, lease_token, paid_at, ask_first)
SELECT i, i, i, i, 'r' || lpad(i::text, 15, '0'), price, (ARRAY['GBP', 'CNY', 'HKD'])[shop_id], 'manual',
    CASE WHEN h >= 200 THEN 'paid' WHEN h < 196 THEN 'sending' WHEN h < 198 THEN 'due' WHEN h = 198 THEN 'failed'
        ELSE 'unknown' END,
    1, 'key-' || lpad(i::text, 9, '0'), CASE WHEN h >= 200 THEN 'bank-' || lpad(i::text, 9, '0') ELSE '' END, '', opened_at,
    '', CASE WHEN h >= 200 THEN opened_at END, false
FROM made WHERE h BETWEEN 190 AND 259 OR h >= 500
--;
INSERT INTO refunds_entry (id, case_id, seq, voucher, at, account, amount, currency, refund_id, customer_id, text, previous,
    hash)
SELECT i * 4 - 4 + s, i, s, (s + 1) / 2, opened_at + s / 3 * interval '1 day',
    (ARRAY['returns', 'payable', 'payable', 'bank'])[s], price * (CASE WHEN s %% 2 = 1 THEN 1 ELSE -1 END),
    (ARRAY['GBP', 'CNY', 'HKD'])[shop_id], i, customer_id, (ARRAY['owed', 'owed', 'paid', 'paid'])[s], '', md5(i::text || s)
FROM made, generate_series(1, 4) AS s
WHERE (h BETWEEN 190 AND 259 OR h >= 500) AND (s < 3 OR h >= 200)
--;
INSERT INTO refunds_replacement (id, case_id, kind, sku, title, quantity, owed_at, sent_at)
SELECT i, i, 'exchange', 'SKU-' || i %% 5000, 'Brass lantern', 1, opened_at, CASE WHEN h >= 200 THEN opened_at END
FROM made WHERE h BETWEEN 190 AND 199 OR i %% 20 = 0 AND (h BETWEEN 200 AND 259 OR h >= 500)
--;
INSERT INTO feedback_message (id, case_id, entry_id, topic, dedupe_key, language, "to", subject, text, status, attempts,
    created_at, next_try_at, sent_at, failure)
SELECT i, i, i * 2 - 1, 'opened', 'R-' || lpad(i::text, 7, '0') || '-' || i %% 10 || '/1', language,
    coalesce('shopper' || customer_id || '@mail.example', ''), 'We have your request', 'We are looking at it. 我们正在处理。',
    CASE WHEN i %% 500 = 0 THEN 'failed' ELSE 'sent' END, 1, opened_at, opened_at, opened_at, ''
FROM made
--;
INSERT INTO feedback_survey (id, case_id, token, asked_at)
SELECT i, i, 's' || lpad(i::text, 15, '0'), opened_at FROM made WHERE h >= 900
--;
INSERT INTO feedback_answer (id, survey_id, satisfaction, ease, words, answered_at)
SELECT i, i, 1 + i %% 5, 1 + i %% 4, '', opened_at FROM made WHERE h >= 950
