package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.process.StartListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServersIT {

  @TempDir private Path temporary;

  @Test
  void theListenerHearsOfEachAndClosingLeavesNeitherProcessNorFolder() {
    List<String> heard = new ArrayList<>();
    EmbeddedServers servers =
        EmbeddedServers.in(ServerFolder.at(temporary.resolve("stack")))
            .with("postgres", PostgresServer::start)
            .with("redis", RedisServer::start)
            .start(server -> heard.add(server.name()));
    List<ProcessHandle> processes = servers.all().stream().map(EmbeddedServer::process).toList();

    assertThat(heard).containsExactlyInAnyOrder("postgres", "redis");
    assertThat(servers.get("postgres", PostgresServer.class).port()).isPositive();
    assertThatThrownBy(() -> servers.get("postgres", RedisServer.class))
        .hasMessageContaining("no RedisServer named postgres");

    servers.close();

    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(temporary.resolve("stack")).doesNotExist();
  }

  @Test
  void aServerThatFailsEndsTheOthersAndItsLogIsInTheMessage() {
    Path folder = temporary.resolve("failing");
    EmbeddedServers.Choice choice =
        EmbeddedServers.in(ServerFolder.at(folder))
            .with("good", RedisServer::start)
            .with("bad", (where, name) -> RedisServer.start(where, name, "no-such-policy"));

    assertThatThrownBy(() -> choice.start(StartListener.NONE))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("bad did not start: it ended with status 1")
        .hasMessageContaining("'maxmemory-policy \"no-such-policy\"'");
    assertThat(folder).doesNotExist();
  }

  @Test
  void aFolderThatIsToBeKeptStaysWithItsLogs() {
    ServerFolder folder = ServerFolder.at(temporary.resolve("kept"));
    folder.keep();
    EmbeddedServers.in(folder).with("redis", RedisServer::start).start(StartListener.NONE).close();

    assertThat(folder.logs().resolve("redis.log")).isNotEmptyFile();
  }

  @Test
  void aFolderWithSomethingInItIsRefusedAndLeftAlone() throws IOException {
    Path precious = Files.writeString(temporary.resolve("precious"), "do not delete");

    assertThatThrownBy(() -> ServerFolder.at(temporary))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not empty");
    assertThat(precious).exists();
  }
}
