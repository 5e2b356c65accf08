/** What a shell has to be told, by its name. NAME is the program as it stands on PATH. */
export const scripts: Readonly<Record<string, string>> = {
  bash: `# bash completion: source <(kubectl-linkerd_certs completion bash)
__linkerd_certs_complete() {
    local cur words cword line
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref -n "=:" cur words cword
    else
        words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]}
    fi
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :0) compopt -o default 2>/dev/null ;;
            :*) ;;
            *) printf -v line %q "\${line%%$'\\t'*}" && COMPREPLY+=("$line") ;;
        esac
    done < <("\${words[0]}" __complete -- "\${words[@]:1:cword}" 2>/dev/null)
    if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}
complete -F __linkerd_certs_complete kubectl-linkerd_certs linkerd-certs
`,
  zsh: `#compdef kubectl-linkerd_certs linkerd-certs
# zsh completion: source <(kubectl-linkerd_certs completion zsh)
_linkerd_certs() {
    local -a candidates
    local line value directive
    for line in "\${(@f)$($words[1] __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
            :*) directive=$line ;;
            *$'\\t'*) value=\${line%%$'\\t'*}; candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}") ;;
            ?*) candidates+=("\${line//:/\\\\:}") ;;
        esac
    done
    if (( $#candidates )); then
        _describe -t values linkerd-certs candidates
    elif [[ $directive == :0 ]]; then
        _files
    fi
}
compdef _linkerd_certs kubectl-linkerd_certs linkerd-certs
`,
  fish: `# fish completion: kubectl-linkerd_certs completion fish | source
function __linkerd_certs_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':0'
                __fish_complete_path "$current"
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c kubectl-linkerd_certs -f -a '(__linkerd_certs_complete)'
complete -c linkerd-certs -f -a '(__linkerd_certs_complete)'
`,
  powershell: `# PowerShell completion: kubectl-linkerd_certs completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'kubectl-linkerd_certs', 'linkerd-certs' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $program, $words = $commandAst.CommandElements | ForEach-Object { "$_" }
    $words = @($words)
    if ($wordToComplete -eq '') { $words += if ($PSVersionTable.PSVersion -lt '7.3') { '""' } else { '' } }
    & $program __complete '--' @words 2>$null | Where-Object { $_ -notmatch '^:' } | ForEach-Object {
        $value, $about = $_ -split "\`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
`,
  kubectl: `#!/usr/bin/env sh
# kubectl runs this to complete what follows "kubectl linkerd-certs". It must be
# on PATH as kubectl_complete-linkerd_certs, and executable.
exec kubectl-linkerd_certs __complete -- "$@"
`,
};
