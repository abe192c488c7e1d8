package com.matih.tenantmigration.activities.kafka.client;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * What a cluster is asked to do, with the rights that it takes: a broker that denies one does not
 * say which.
 *
 * @param words such as "describe topic shared.events"
 */
public record Call(String words, List<Right> rights) {

  /** One operation on one resource, as an ACL allows it. */
  record Right(AclOperation operation, ResourceType resource, String name) {

    @Override
    public String toString() {
      return "%s on %s %s".formatted(operation, kind(" "), name);
    }

    private String options() {
      return "--operation %s --%s %s"
          .formatted(SecurityUtils.operationName(operation), kind("-"), name);
    }

    private String kind(String separator) {
      return resource.name().toLowerCase(Locale.ROOT).replace("_", separator);
    }
  }

  public Call {
    rights = List.copyOf(rights);
  }

  /** A call that no ACL of a topic, group or transactional id is in the way of. */
  public static Call of(String words) {
    return new Call(words, List.of());
  }

  public Call topic(AclOperation operation, String topic) {
    return with(new Right(operation, ResourceType.TOPIC, topic));
  }

  public Call group(AclOperation operation, String group) {
    return with(new Right(operation, ResourceType.GROUP, group));
  }

  public Call transactionalId(AclOperation operation, String id) {
    return with(new Right(operation, ResourceType.TRANSACTIONAL_ID, id));
  }

  private Call with(Right right) {
    List<Right> all = new ArrayList<>(rights);
    all.add(right);
    return new Call(words, all);
  }

  /** Says which of the rights a broker denied, and how it is granted. */
  String denied(Throwable by) {
    List<Right> denied = rights.stream().filter(right -> mayBe(right, by)).toList();
    String name = by.getClass().getSimpleName();
    return denied.isEmpty()
        ? "it denied the migration's user a right (%s). Check the ACLs.".formatted(name)
        : "it denied the migration's user %s (%s). Grant it: %s."
            .formatted(
                denied.stream().map(Right::toString).distinct().collect(joining(" or ")),
                name,
                denied.stream()
                    .map(right -> "kafka-acls --add " + right.options())
                    .distinct()
                    .collect(joining("; ")));
  }

  private static boolean mayBe(Right right, Throwable denied) {
    if (denied instanceof TopicAuthorizationException topics) {
      Set<String> names = topics.unauthorizedTopics();
      return right.resource() == ResourceType.TOPIC
          && (names.isEmpty() || names.contains(right.name()));
    }
    if (denied instanceof GroupAuthorizationException group) {
      return right.resource() == ResourceType.GROUP
          && (group.groupId() == null || group.groupId().equals(right.name()));
    }
    if (denied instanceof TransactionalIdAuthorizationException) {
      return right.resource() == ResourceType.TRANSACTIONAL_ID;
    }
    return !(denied instanceof ClusterAuthorizationException);
  }
}
