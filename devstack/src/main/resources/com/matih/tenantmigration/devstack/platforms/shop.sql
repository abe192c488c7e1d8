-- A shop system: shops own rows by shop_id; lines, variants and payments follow foreign keys; price lists are a tree; a check
-- looks into another table; translations hang on products and collections; reservations must not overlap.
CREATE SCHEMA shop;
SET search_path = shop;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA shop;

CREATE TYPE money_amount AS (value numeric, currency text);

CREATE TABLE currencies (code char(3) PRIMARY KEY, digits int NOT NULL);
CREATE FUNCTION is_currency(char) RETURNS boolean LANGUAGE sql STABLE AS
  'SELECT EXISTS (SELECT 1 FROM shop.currencies WHERE code = $1)';
CREATE TABLE shops (id text PRIMARY KEY, name text NOT NULL, currency char(3) NOT NULL CONSTRAINT known CHECK (is_currency(currency)));
CREATE TABLE customers (
  id uuid PRIMARY KEY, shop_id text NOT NULL REFERENCES shops, email text NOT NULL, phone text, UNIQUE (shop_id, email));
CREATE TABLE price_lists (
  id int PRIMARY KEY, shop_id text REFERENCES shops, parent_id int REFERENCES price_lists, name text);
CREATE TABLE products (
  id bigint PRIMARY KEY, shop_id text NOT NULL REFERENCES shops, title text NOT NULL, price money_amount, labels text[],
  price_list_id int REFERENCES price_lists, weight numeric CHECK (weight > 0));
CREATE TABLE variants (id bigint PRIMARY KEY, product_id bigint NOT NULL REFERENCES products, sku text, stock int NOT NULL DEFAULT 0);
CREATE TABLE collections (id bigint PRIMARY KEY, shop_id text NOT NULL REFERENCES shops, title text, cover_id bigint);
CREATE TABLE collection_products (
  collection_id bigint NOT NULL REFERENCES collections, product_id bigint NOT NULL REFERENCES products,
  PRIMARY KEY (collection_id, product_id));
ALTER TABLE collections ADD FOREIGN KEY (cover_id) REFERENCES products;
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shop_id text NOT NULL REFERENCES shops, customer_id uuid REFERENCES customers,
  number int NOT NULL, placed timestamptz NOT NULL, total numeric NOT NULL, UNIQUE (shop_id, number));
CREATE TABLE order_lines (
  order_id bigint NOT NULL REFERENCES orders ON DELETE CASCADE, place int NOT NULL, variant_id bigint REFERENCES variants,
  quantity int NOT NULL, PRIMARY KEY (order_id, place));
CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint REFERENCES orders, refund_of bigint REFERENCES payments, amount numeric);
CREATE TABLE translations (
  id bigint PRIMARY KEY, translatable_type text NOT NULL, translatable_id bigint NOT NULL, locale text, texts jsonb);
CREATE TABLE reservations (
  id int PRIMARY KEY, shop_id text NOT NULL, product_id bigint NOT NULL REFERENCES products, during tstzrange NOT NULL,
  EXCLUDE USING gist (product_id WITH =, during WITH &&));
CREATE TABLE visits (shop_id text NOT NULL, at timestamptz, path text);
CREATE MATERIALIZED VIEW best_sellers AS
  SELECT v.product_id, sum(l.quantity) AS sold FROM order_lines l JOIN variants v ON v.id = l.variant_id GROUP BY v.product_id;
CREATE INDEX ON best_sellers (sold);
CREATE FUNCTION next_number() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN
       IF NEW.number IS NULL THEN
         NEW.number := coalesce((SELECT max(number) FROM orders WHERE shop_id = NEW.shop_id), 0) + 1;
       END IF;
       RETURN NEW;
     END $$;
CREATE TRIGGER number BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION next_number();

INSERT INTO currencies VALUES ('EUR', 2), ('USD', 2), ('JPY', 0);
INSERT INTO shops VALUES ('acme-shop', 'Acme', 'EUR'), ('globex-shop', 'Globex', 'USD'), ('initech-shop', 'Initech', 'JPY');
INSERT INTO customers
  SELECT md5(s.id || i)::uuid, s.id, 'buyer' || i || '@example.com', CASE WHEN i % 3 = 0 THEN '+49' || i END
    FROM shops s, generate_series(1, 40) i;
INSERT INTO price_lists SELECT i * 3 + n, s.id, CASE WHEN i > 1 THEN (i / 2) * 3 + n END, 'list ' || i
  FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS n FROM shops) s, generate_series(1, 7) i;
INSERT INTO products
  SELECT i * 3 + n, s.id, 'Product ' || i, (i * 1.1, 'EUR')::money_amount, ARRAY['a' || i, NULL], (1 + i % 7) * 3 + n, i / 10.0
    FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS n FROM shops) s, generate_series(1, 50) i;
INSERT INTO variants SELECT p.id * 2 + i, p.id, 'sku-' || p.id || '-' || i, i FROM products p, generate_series(0, 1) i;
INSERT INTO collections SELECT i * 3 + n, s.id, 'Collection ' || i, CASE WHEN i % 2 = 0 THEN i * 3 + n END
  FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS n FROM shops) s, generate_series(1, 6) i;
INSERT INTO collection_products
  SELECT c.id, p.id FROM collections c JOIN products p USING (shop_id) WHERE (c.id + p.id) % 5 = 0;
INSERT INTO orders (shop_id, customer_id, placed, total)
  SELECT c.shop_id, c.id, timestamptz '2026-03-01 12:00Z' - (row_number() OVER (ORDER BY c.id)) * interval '1 hour', 10
    FROM customers c;
INSERT INTO order_lines
  SELECT o.id, i, (SELECT min(v.id) + 2 * 3 * (o.id % 4) FROM variants v JOIN products p ON p.id = v.product_id
                    WHERE p.shop_id = o.shop_id), i
    FROM orders o, generate_series(1, 3) i;
INSERT INTO payments SELECT id, id, NULL, total FROM orders;
INSERT INTO payments SELECT 10000 + id, NULL, id, -amount FROM payments WHERE id % 10 = 0;
INSERT INTO translations
  SELECT row_number() OVER (ORDER BY kind, id), kind, id, 'de', jsonb_build_object('title', kind || id)
    FROM (SELECT 'Product' AS kind, id FROM products UNION ALL SELECT 'Collection', id FROM collections) t;
INSERT INTO reservations
  SELECT id, shop_id, id, tstzrange('2026-05-01 00:00Z', '2026-05-02 00:00Z') FROM products WHERE id % 4 = 0;
INSERT INTO visits SELECT s.id, timestamptz '2026-02-02 02:02Z' + i * interval '1 min', '/' || i FROM shops s, generate_series(1, 200) i;
INSERT INTO visits SELECT 'acme-shop', NULL, NULL FROM generate_series(1, 3);
REFRESH MATERIALIZED VIEW best_sellers;
ANALYZE;
