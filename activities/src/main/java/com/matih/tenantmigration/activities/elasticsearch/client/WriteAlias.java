package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The alias that an index is written through, whose name says who may: nobody yet, one attempt of
 * the copy, or nobody any more since all is copied.
 *
 * <pre>
 * queries-migration-0123456789ab                            provisioned
 * queries-migration-0123456789ab-attempt-1846835937280001   being copied
 * queries-migration-0123456789ab-copied-1200                copied, 1,200 documents
 * </pre>
 *
 * <p>One name takes another's place in one act, which fails where that other one is not there any
 * more. A bulk request requires its alias. So an attempt that comes late can't write beside a newer
 * one, nor into an index that has gone into service, nor create again one that was dropped; and
 * since the name tells the attempt's order, it can't take the right back from a newer one.
 */
public final class WriteAlias {

  private static final String ATTEMPT = "-attempt-";
  private static final String COPIED = "-copied-";

  /** An earlier release wrote eight hexadecimal digits, which told no order. */
  private static final Pattern ORDER = Pattern.compile(Pattern.quote(ATTEMPT) + "(\\d{9,18})");

  private final SearchCluster dedicated;
  private final String index;
  private final String provisioned;
  private final String name;

  private WriteAlias(SearchCluster dedicated, String index, String provisioned, String name) {
    this.dedicated = dedicated;
    this.index = index;
    this.provisioned = provisioned;
    this.name = name;
  }

  /** The alias as an index is created with it. */
  public static void putProvisioned(ObjectNode aliases, String index, String migrationId) {
    aliases
        .putObject(ElasticsearchNames.writeAlias(index, migrationId))
        .put("is_write_index", true);
  }

  /** Gives the alias to an index that was there before. */
  public static void addProvisioned(SearchCluster dedicated, String index, String migrationId) {
    ObjectNode body = Json.object();
    addAdd(body.putArray("actions"), index, ElasticsearchNames.writeAlias(index, migrationId));
    var unused =
        dedicated.send("give index " + index + " its write alias", "POST", "/_aliases", body);
  }

  /** This migration's alias of an index, whatever it says. */
  public static Optional<WriteAlias> find(
      SearchCluster dedicated, String index, String migrationId) {
    return Indices.find(dedicated, index).flatMap(present -> of(dedicated, present, migrationId));
  }

  /** The same, of an index that was looked at already. */
  public static Optional<WriteAlias> of(
      SearchCluster dedicated, IndexDefinition present, String migrationId) {
    return withPrefix(
        dedicated, present, ElasticsearchNames.writeAlias(present.name(), migrationId));
  }

  private static Optional<WriteAlias> withPrefix(
      SearchCluster dedicated, IndexDefinition present, String provisioned) {
    return present.aliases().properties().stream()
        .map(alias -> alias.getKey())
        .filter(alias -> alias.startsWith(provisioned))
        .max(Comparator.naturalOrder())
        .map(alias -> new WriteAlias(dedicated, present.name(), provisioned, alias));
  }

  /** Takes the right to write from every attempt for good; nothing where none has it. */
  public static void remove(SearchCluster dedicated, String index, String migrationId) {
    String attempted = "remove the write alias of index " + index;
    ObjectNode body = Json.object();
    ObjectNode remove = body.putArray("actions").addObject().putObject("remove");
    remove.put("index", index);
    remove.put("alias", ElasticsearchNames.writeAlias(index, migrationId) + "*");
    Answer answer =
        DurableAct.REPLACE_ALIAS.call(
            () -> dedicated.exchange(attempted, "POST", "/_aliases", body));
    if (!answer.isMissing()) {
      dedicated.require(attempted, answer);
    }
  }

  /** The failure of an attempt that finds no alias of its migration. */
  public static MigrationException gone(String index) {
    return new MigrationException(
        FailureType.WORK_ENDED,
        "Index %s has no alias of this migration to write through: the migration has ended, or somebody removed it."
            .formatted(index));
  }

  public String name() {
    return name;
  }

  /** How many documents were copied; empty where not all are. */
  public OptionalLong copied() {
    String prefix = provisioned + COPIED;
    return name.startsWith(prefix)
        ? OptionalLong.of(Long.parseLong(name.substring(prefix.length())))
        : OptionalLong.empty();
  }

  /**
   * What an attempt that may write has replaced.
   *
   * @param before the alias that was there
   * @param own the attempt's alias
   */
  public record TakenOver(WriteAlias before, WriteAlias own) {}

  /**
   * Takes the right to write from an earlier attempt, and gives it to this one; also from an
   * earlier one that took it since the alias was read.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has it, WORK_ENDED
   *     where the alias is gone since it was read
   */
  public TakenOver takeOver(Attempt attempt) {
    String own = provisioned + ATTEMPT + attempt.order();
    WriteAlias before = this;
    while (true) {
      if (before.name.equals(own)) {
        return new TakenOver(before, before);
      }
      if (attempt.isBefore(before.holder())) {
        throw new MigrationException(
            FailureType.WRITER_SUPERSEDED,
            "A later attempt copies index %s; this one writes nothing there.".formatted(index));
      }
      Optional<WriteAlias> taken = before.replaceBy(own);
      if (taken.isPresent()) {
        return new TakenOver(before, taken.get());
      }
      before = before.readAgain();
    }
  }

  private WriteAlias readAgain() {
    WriteAlias now =
        Indices.find(dedicated, index)
            .flatMap(present -> withPrefix(dedicated, present, provisioned))
            .orElseThrow(() -> gone(index));
    if (now.copied().isPresent()) {
      throw replaced();
    }
    return now;
  }

  /** Whether it is that attempt's turn. */
  public boolean isHeldBy(Attempt attempt) {
    return name.equals(provisioned + ATTEMPT + attempt.order());
  }

  /** Whose turn it is; before all others where it is nobody's, or an earlier release's. */
  private Attempt holder() {
    Matcher order = ORDER.matcher(name.substring(provisioned.length()));
    return new Attempt(order.matches() ? Long.parseLong(order.group(1)) : 0);
  }

  /**
   * Ends all requests that were sent before this attempt took over and may still be on their way
   * inside the cluster: blocks writes, which is acknowledged when the earlier ones have ended. They
   * stay blocked until {@link #putSettings} lifts that.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has taken over
   */
  public void endEarlierWrites() {
    JsonNode answer = block();
    if (answer.path("indices").isEmpty()) {
      // an attempt that ended in between has left the block, and one that stands waits for nothing
      putSettings(RealSettings.forFollowing());
      answer = block();
    }
    if (!answer.path("shards_acknowledged").asBoolean()) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "Elasticsearch's %s did not end the earlier writes to index %s in time. Check the health of its shards."
              .formatted(dedicated.name(), index));
    }
  }

  private JsonNode block() {
    String attempted = "wait for the earlier writes to index " + index;
    Answer answer = requireTurn(dedicated.exchange(attempted, "PUT", path("/_block/write")));
    return dedicated.require(attempted, answer).json();
  }

  /**
   * Changes settings of the index as long as this alias leads to it.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where it leads to none any more
   */
  public void putSettings(ObjectNode settings) {
    ObjectNode body = Json.object().set("index", settings);
    change("change the settings of index " + index, "/_settings", body);
  }

  /**
   * Adds to the mappings of the index what it lacks, under the same condition as {@link
   * #putSettings}.
   */
  public void addMappings(ObjectNode mappings) {
    String attempted = "read the mappings of index " + index;
    Answer answer = requireTurn(dedicated.exchange(attempted, "GET", path("/_mapping")));
    JsonNode present = dedicated.require(attempted, answer).json().path(index).path("mappings");
    if (!contains(present, mappings)) {
      change("put the shared index' mappings into index " + index, "/_mapping", mappings);
    }
  }

  private static boolean contains(JsonNode whole, JsonNode part) {
    return part.isObject()
        ? part.properties().stream()
            .allMatch(field -> contains(whole.path(field.getKey()), field.getValue()))
        : whole.equals(part);
  }

  private void change(String attempted, String what, ObjectNode body) {
    Answer answer = requireTurn(dedicated.exchange(attempted, "PUT", path(what), body));
    dedicated.require(attempted, answer);
  }

  private String path(String what) {
    return "/" + SearchCluster.encode(name) + what;
  }

  private Answer requireTurn(Answer answer) {
    if (answer.isMissing()) {
      throw new MigrationException(
          FailureType.WRITER_SUPERSEDED,
          "A later attempt has taken over index %s; this one changed nothing more."
              .formatted(index));
    }
    return answer;
  }

  /**
   * Ends all writing: every document has arrived.
   *
   * @return the alias that says so, which nobody writes through
   */
  public WriteAlias close(long documents) {
    return replaceBy(provisioned + COPIED + documents).orElseThrow(this::replaced);
  }

  private MigrationException replaced() {
    return new MigrationException(
        FailureType.STORE_ERROR,
        "Another attempt has taken over the copy of index %s meanwhile.".formatted(index));
  }

  /** Empty if this alias is gone. */
  private Optional<WriteAlias> replaceBy(String successor) {
    String attempted = "replace the write alias of index " + index;
    ObjectNode body = Json.object();
    ArrayNode actions = body.putArray("actions");
    ObjectNode remove = actions.addObject().putObject("remove");
    remove.put("index", index);
    remove.put("alias", name);
    remove.put("must_exist", true);
    addAdd(actions, index, successor);
    Answer answer =
        DurableAct.REPLACE_ALIAS.call(
            () -> dedicated.exchange(attempted, "POST", "/_aliases", body));
    if (answer.isMissing()) {
      return Optional.empty();
    }
    dedicated.require(attempted, answer);
    return Optional.of(new WriteAlias(dedicated, index, provisioned, successor));
  }

  private static void addAdd(ArrayNode actions, String index, String alias) {
    ObjectNode add = actions.addObject().putObject("add");
    add.put("index", index);
    add.put("alias", alias);
    add.put("is_write_index", true);
  }
}
