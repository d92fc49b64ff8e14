using System.Diagnostics;
using ResNetEdge.CommandLine;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Packing;

/// <summary>The examples of proxies, as the proxies themselves read them.</summary>
public sealed class ProxyExampleTests : IDisposable
{
    private const string Nginx = "/usr/sbin/nginx";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Nginx_takes_its_example()
    {
        Skip.IfNot(File.Exists(Nginx), $"{Nginx} is not installed");
        var made = TestAuthority.SelfSigned();
        File.WriteAllText(_folder["chain.pem"], made.Chain);
        File.WriteAllText(_folder["key.pem"], made.Key);
        string example = File.ReadAllText(Path.Combine(House.Root, "publish-profiles/debian/examples/nginx.conf"))
            .Replace("/etc/ssl/certs/device.example.pem", _folder["chain.pem"], StringComparison.Ordinal)
            .Replace("/etc/ssl/private/device.example.key", _folder["key.pem"], StringComparison.Ordinal)
            .Replace("443", "18443", StringComparison.Ordinal); // a port that anybody may listen on
        File.WriteAllText(
            _folder["nginx.conf"], $"pid {_folder["pid"]};\nerror_log stderr;\nevents {{ }}\nhttp {{\naccess_log off;\n{example}\n}}\n");
        using var process =
            Process.Start(new ProcessStartInfo(Nginx, ["-t", "-p", _folder.Path, "-c", _folder["nginx.conf"]]) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }

    [Theory]
    [InlineData("nginx.conf", "proxy_set_header Host localhost;", "proxy_set_header X-Forwarded-For $remote_addr;", "needs watch.token_file")]
    [InlineData("Caddyfile", "header_up Host localhost", "reverse_proxy 127.0.0.1:8080", "needs watch.token_file")]
    public void Each_names_this_machine_to_the_service_and_says_that_a_token_is_needed(string file, params string[] words)
    {
        string example =
            File.ReadAllText(Path.Combine(House.Root, "publish-profiles/debian/examples", file)).Replace("\n# ", " ", StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, example, StringComparison.Ordinal));
    }
}
