package com.matih.tenantmigration.embedded.testing;

import com.matih.tenantmigration.embedded.KafkaServer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Says what a user of a guarded Kafka may do. */
public final class KafkaAcls implements AutoCloseable {

  private static final int ITERATIONS = 4_096;

  private final Admin admin;
  private final String user;

  /**
   * Begins with a user.
   *
   * @param user who need not exist
   */
  public KafkaAcls(KafkaServer server, String user) {
    this.admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
    this.user = user;
  }

  /** Lets the user log in, and returns once the broker knows them. */
  public KafkaAcls withPassword(String password) {
    await(
        admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        user,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                        password)))
            .all());
    while (!await(admin.describeUserScramCredentials().users()).contains(user)) {
      Thread.onSpinWait();
    }
    return this;
  }

  /** Allows operations on a resource; a name that ends with a dash is the beginning of names. */
  public void allow(ResourceType type, String name, AclOperation... operations) {
    var unused =
        await(
            admin
                .createAcls(
                    List.of(operations).stream()
                        .map(operation -> binding(type, name, operation))
                        .toList())
                .all());
  }

  /** Takes back one operation that was allowed, from the next call of the user on. */
  public void revoke(ResourceType type, String name, AclOperation operation) {
    Collection<AclBinding> gone =
        await(admin.deleteAcls(List.of(binding(type, name, operation).toFilter())).all());
    if (gone.size() != 1) {
      throw new IllegalArgumentException("%s on %s was not allowed".formatted(operation, name));
    }
  }

  private AclBinding binding(ResourceType type, String name, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(
            type, name, name.endsWith("-") ? PatternType.PREFIXED : PatternType.LITERAL),
        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
