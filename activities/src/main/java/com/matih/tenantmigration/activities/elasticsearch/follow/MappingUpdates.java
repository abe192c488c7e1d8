package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.elasticsearch.plan.LenientMapping;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the dedicated index the fields that the shared one has got meanwhile, before a document is
 * written that may have them: left to itself it would refuse such a document or map it in its own
 * way.
 */
final class MappingUpdates {

  private final SearchCluster shared;
  private final String source;
  private final WriteAlias target;
  private final FollowingNotes notes;
  private Optional<JsonNode> last = Optional.empty();
  private boolean due = true;

  /**
   * The mappings of an index.
   *
   * @param source the shared index, or an alias of it
   * @param target leads to the dedicated one
   */
  MappingUpdates(SearchCluster shared, String source, WriteAlias target, FollowingNotes notes) {
    this.shared = shared;
    this.source = source;
    this.target = target;
    this.notes = notes;
  }

  /** Has the mappings looked at again: documents will be read that were written since. */
  synchronized void due() {
    due = true;
  }

  /** Adds the shared index' mappings where that is due; called when documents were read. */
  synchronized void apply() {
    if (!due) {
      return;
    }
    due = false;
    JsonNode answer =
        shared.get(
            "read the mappings of index " + source,
            "/" + SearchCluster.encode(source) + "/_mapping");
    JsonNode now = answer.path(answer.fieldNames().next()).path("mappings");
    if (last.filter(now::equals).isPresent()) {
      return;
    }
    if (now instanceof ObjectNode present) {
      Set<String> ignored = notes.ignored();
      notes.putMapping(LenientMapping.of(present, ignored));
      ObjectNode mappings = LenientMapping.loading(present, ignored);
      // its own says which migration made it, or is its owner's
      mappings.remove("_meta");
      if (!mappings.isEmpty()) {
        target.addMappings(mappings);
      }
    }
    last = Optional.of(now);
  }
}
