using System.Text.Json;

namespace ResNetEdge.Tests.Unit;

/// <summary>
/// The lock files that continuous integration restores by, and what publishing resolved without them: docs/decisions/0030-locked-restore.md.
/// </summary>
public class LockFileTests
{
    private const string LockFile = "packages.lock.json";

    /// <summary>Projects of the solution, by the path of their .csproj.</summary>
    private static IEnumerable<string> Projects => from line in File.ReadLines(Path.Combine(House.Root, "ResNetEdge.sln"))
                                                   where line.Contains(".csproj\"", StringComparison.Ordinal)
                                                   select line.Split('"')[5].Replace('\\', '/');

    [Fact]
    public void Every_project_of_the_solution_has_a_lock_file_for_any_machine()
    {
        Assert.NotEmpty(Projects);
        Assert.All(Projects, project =>
        {
            string path = Path.Combine(Path.GetDirectoryName(project)!, LockFile);
            Assert.True(House.OnDisk.Files.ContainsKey(path), $"{path} is missing: run ./build.sh lock");
            using var json = JsonDocument.Parse(House.OnDisk.Files[path]);
            Assert.Equal("net10.0", Assert.Single(json.RootElement.GetProperty("dependencies").EnumerateObject()).Name);
            Assert.DoesNotContain(Packages(json).Keys, IsCompiler);
        });
    }

    /// <summary>Publishing restores the runtime and the compiler of the machine's SDK too, so it has lock files of its own, in obj folders.</summary>
    [SkippableFact]
    public void What_was_published_comes_from_the_packages_that_the_lock_files_name()
    {
        var published = (from project in Projects
                         let own = Path.Combine(House.Root, Path.GetDirectoryName(project)!, "obj", LockFile)
                         where File.Exists(own)
                         select (Project: project, Own: own)).ToList();
        Skip.If(published.Count == 0, "nothing has been published; ./build.sh publishes");
        Assert.All(published, each =>
        {
            using var own = JsonDocument.Parse(File.ReadAllText(each.Own));
            using var committed = JsonDocument.Parse(House.OnDisk.Files[Path.Combine(Path.GetDirectoryName(each.Project)!, LockFile)]);
            var locked = Packages(committed);
            foreach (var (name, content) in Packages(own).Where(p => !IsCompiler(p.Key)))
            {
                Assert.True(locked.GetValueOrDefault(name) == content,
                    $"{each.Project} was published with {name} {content}, and its lock file has {locked.GetValueOrDefault(name, "none")}");
            }
        });
    }

    /// <summary>Restored when publishing alone, in the version of the SDK's patch: the compiler, and its program for this machine.</summary>
    private static bool IsCompiler(string package) => package.EndsWith("Microsoft.DotNet.ILCompiler", StringComparison.Ordinal);

    /// <summary>Version and hash of every package, by name; projects have neither.</summary>
    private static Dictionary<string, string> Packages(JsonDocument lockFile) =>
        (from framework in lockFile.RootElement.GetProperty("dependencies").EnumerateObject()
         from package in framework.Value.EnumerateObject()
         where package.Value.TryGetProperty("contentHash", out _)
         group $"{package.Value.GetProperty("resolved")} {package.Value.GetProperty("contentHash")}" by package.Name)
        .ToDictionary(versions => versions.Key, versions => string.Join(", ", versions.Distinct()));
}
