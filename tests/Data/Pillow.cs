using System.Diagnostics;
using System.Globalization;
using ResNetEdge.CommandLine;

namespace ResNetEdge.Tests.Data;

/// <summary>
/// The reference that users trained with: Pillow in the system's Python. A test that needs it is skipped where it is not installed.
/// </summary>
internal static class Pillow
{
    private const string Python = "/usr/bin/python3";

    /// <summary>
    /// Functions for scripts: <c>raw(name, image)</c> saves decoded pixels for <see cref="Raw"/>; <c>noise(mode, w, h)</c> makes a picture that is
    /// neither smooth nor pure noise; <c>random</c> is seeded.
    /// </summary>
    private const string Prelude = """
        import random, struct, sys
        from PIL import Image, ImageFilter
        random.seed(20240607)
        def raw(name, image):
            with open(name, 'wb') as f:
                f.write(b'%d %d %d\n' % (image.width, image.height, len(image.getbands())) + image.tobytes())
        def noise(mode, w, h):
            bands = [Image.frombytes('L', (w, h), random.randbytes(w * h)).filter(ImageFilter.BoxBlur(random.choice([0, 1, 2])))
                     for _ in range({'L': 1, 'LA': 2, 'RGB': 3, 'RGBA': 4, 'CMYK': 4}[mode])]
            return Image.merge(mode, bands)
        """;

    private static readonly Lazy<bool> IsThere = new(() => File.Exists(Python) && Run("import PIL", Path.GetTempPath()).Code == 0);

    /// <summary>Runs a script in a folder; skips the test without Pillow, fails it when the script fails.</summary>
    public static void Script(TempFolder folder, string script)
    {
        Skip.IfNot(IsThere.Value, $"{Python} with Pillow (Debian's python3-pil) is not installed");
        (int code, string errors) = Run(Prelude + Environment.NewLine + script, folder.Path);
        Assert.True(code == 0, errors);
    }

    /// <summary>Pixels that a script saved with <c>raw</c>.</summary>
    public static (int Width, int Height, int Channels, byte[] Pixels) Raw(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int end = Array.IndexOf(bytes, (byte)'\n');
        int[] size = [.. System.Text.Encoding.ASCII.GetString(bytes, 0, end).Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        return (size[0], size[1], size[2], bytes[(end + 1)..]);
    }

    private static (int Code, string Errors) Run(string script, string folder)
    {
        var start = new ProcessStartInfo(Python, "-") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardError = true };
        using Process python = Process.Start(start)!;
        python.StandardInput.Write(script);
        python.StandardInput.Close();
        string errors = python.StandardError.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, errors);
    }
}
